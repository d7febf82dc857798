/** The smallest app that the facts about Electron can be asked of: one window, one bridge, and channels that answer. */
import { app, BrowserWindow, ipcMain, net, protocol, safeStorage, session, Tray } from 'electron';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = import.meta.dirname;
/** What happened, in order; facts read it. */
const events = [];
const received = [];
globalThis.fixture = {
  events,
  received,
  early: {
    isReady: app.isReady(),
    window: thrown(() => new BrowserWindow()),
    tray: thrown(() => new Tray('none.png')),
    session: thrown(() => session.defaultSession.isPersistent()),
    isSealingAvailable: safeStorage.isAsyncEncryptionAvailable(),
    sealing: safeStorage.encryptStringAsync('x').then(
      () => 'sealed',
      (error) => error.message,
    ),
  },
};
for (const name of ['will-finish-launching', 'ready', 'window-all-closed', 'before-quit', 'will-quit', 'quit']) {
  app.on(name, () => note(name));
}
app.on('second-instance', (_event, argv, _folder, data) => {
  note('second-instance');
  globalThis.fixture.second = { argv, data };
});

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
if (app.requestSingleInstanceLock({ from: 'fixture' })) void app.whenReady().then(() => open());
else app.quit();
note('entry');

function open() {
  protocol.handle('app', answer);
  listen();
  const window = new BrowserWindow({
    width: 640,
    height: 480,
    webPreferences: { preload: join(folder, 'preload.cjs'), sandbox: true, contextIsolation: true },
  });
  window.on('close', () => note('close'));
  window.on('closed', () => note('closed'));
  // A fact may ask for another page before this one is there.
  return window.loadURL('app://fixture/index.html').catch(() => undefined);
}

/** On the output, too, where it can be read after the end. */
function note(event) {
  events.push(event);
  process.stdout.write(`event ${event}\n`);
}

async function answer(request) {
  const { pathname } = new URL(request.url);
  if (pathname === '/moved')
    return new Response(null, { status: 302, headers: { location: 'app://fixture/second.html' } });
  if (pathname === '/broken') throw new Error('the handler has no answer');
  if (pathname === '/echo') {
    const body = await request.text();
    return Response.json({ url: request.url, method: request.method, body, header: request.headers.get('x-fixture') });
  }
  const file = { '/index.html': 'index.html', '/second.html': 'second.html', '/page.js': 'page.js' }[pathname];
  if (file === undefined) return new Response('Not found', { status: 404 });
  const read = await net.fetch(pathToFileURL(join(folder, file)).href);
  return new Response(read.body, {
    headers: {
      'content-type': read.headers.get('content-type'),
      'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'",
    },
  });
}

function listen() {
  ipcMain.handle('echo', (_event, ...values) => values);
  ipcMain.handle('fail', () => {
    throw new TypeError('it said no');
  });
  ipcMain.handle('give-function', () => () => 1);
  ipcMain.handle('give-map', () => ({
    map: new Map([['a', new Date(5)]]),
    nothing: undefined,
    bytes: Buffer.from('ab'),
  }));
  ipcMain.handle('describe', (_event, value) => ({
    name: value?.constructor?.name,
    isBuffer: Buffer.isBuffer(value),
    keys: Object.keys(value ?? {}),
  }));
  ipcMain.handle('sender', (event) => ({
    url: event.senderFrame?.url,
    origin: event.senderFrame?.origin,
    parent: event.senderFrame?.parent ?? null,
    isOfWindow: BrowserWindow.fromWebContents(event.sender) !== null,
  }));
  ipcMain.on('note', (_event, ...values) => received.push(values));
  ipcMain.on('ask', (event, value) => event.sender.send('pushed', value));
  ipcMain.on('ask-by-reply', (event, value) => event.reply('pushed', value));
}

function thrown(call) {
  try {
    call();
    return undefined;
  } catch (error) {
    return error.message;
  }
}
