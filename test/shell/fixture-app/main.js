/** The smallest app that the facts about Electron can be asked of: one window, one bridge, and channels that answer. */
import { app, BrowserWindow, ipcMain, net, protocol } from 'electron';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = import.meta.dirname;
/** What happened, in order; facts read it through `globalThis`. */
const events = [];
globalThis.fixture = { events, received: [], wasReadyInEntry: app.isReady() };
for (const name of ['will-finish-launching', 'ready', 'before-quit', 'will-quit', 'quit']) {
  app.on(name, () => {
    events.push(name);
    process.stdout.write(`event ${name}\n`);
  });
}
// A test closes windows and looks at the app afterwards.
app.on('window-all-closed', () => {
  events.push('window-all-closed');
  process.stdout.write('event window-all-closed\n');
});

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

void app.whenReady().then(() => {
  protocol.handle('app', answer);
  listen();
  const window = new BrowserWindow({
    width: 640,
    height: 480,
    webPreferences: { preload: join(folder, 'preload.cjs'), sandbox: true, contextIsolation: true },
  });
  window.on('closed', () => process.stdout.write('event closed\n'));
  void window.loadURL('app://fixture/index.html');
});

function answer(request) {
  const { pathname, host } = new URL(request.url);
  if (pathname === '/moved') return Response.redirect('app://fixture/second.html', 302);
  if (pathname === '/echo') {
    return request
      .text()
      .then((body) => Response.json({ method: request.method, host, body, header: request.headers.get('x-fixture') }));
  }
  if (pathname === '/broken') return Promise.reject(new Error('no'));
  const file = { '/index.html': 'index.html', '/second.html': 'second.html', '/page.js': 'page.js' }[pathname];
  if (file === undefined) return new Response('Not found', { status: 404 });
  return net.fetch(pathToFileURL(join(folder, file)).href).then(
    (read) =>
      new Response(read.body, {
        headers: {
          'content-type': read.headers.get('content-type'),
          'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'",
        },
      }),
  );
}

function listen() {
  ipcMain.handle('echo', (_event, ...values) => values);
  ipcMain.handle('fail', () => {
    throw new TypeError('it said no');
  });
  ipcMain.handle('give-function', () => () => 1);
  ipcMain.handle('describe', (_event, value) => ({
    type: Object.prototype.toString.call(value),
    isBuffer: Buffer.isBuffer(value),
    name: value?.constructor?.name,
  }));
  ipcMain.handle('sender', (event) => ({
    url: event.senderFrame?.url,
    parent: event.senderFrame?.parent ?? null,
    isWindow: BrowserWindow.fromWebContents(event.sender) !== null,
  }));
  ipcMain.on('note', (_event, ...values) => globalThis.fixture.received.push(values));
  ipcMain.on('reply', (event, value) => event.sender.send('pushed', value));
}
