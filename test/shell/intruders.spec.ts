/** Who is no screen of ours, and what a screen that was taken over could reach. */
import { expect, test } from '@playwright/test';
import { startApp, type AppWorld } from './app-world.ts';

let app: AppWorld;

test.beforeAll(async () => {
  app = await startApp();
  await app.window();
});

test.afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

test('no address of app:// leads out of the built screens @double', async () => {
  const addresses = [
    '/../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/package.json',
    '/%252e%252e/package.json',
    String.raw`/..\..\package.json`,
    '/..%5c..%5cpackage.json',
    '/assets/../../package.json',
    '/index.html%00.js',
    '/index.html/',
    '//index.html',
    '//evil.example/index.html',
    '/C:/Windows/win.ini',
    '/C%3A/Windows/win.ini',
    '/file:///etc/passwd',
    '/INDEX.HTML',
    '/%69ndex.html',
    '/assets',
    '/assets/',
    '/',
    '',
  ];
  const statuses = await app.shell.evaluate(
    ({ net }, paths) =>
      Promise.all(paths.map(async (path) => [path, (await net.fetch(`app://kiro-pool${path}`)).status] as const)),
    addresses,
  );
  expect(statuses).toEqual(addresses.map((path) => [path, 404]));
});

test('no other host, port, user or method of app:// has a screen, and what is refused keeps the policy @double', async () => {
  const answers = await app.shell.evaluate(async ({ net }) => {
    const asked = [
      ['app://evil.example/index.html', 'GET'],
      ['app://kiro-pool.evil.example/index.html', 'GET'],
      ['app://kiro-pool:8788/index.html', 'GET'],
      ['app://KIRO-POOL/index.html', 'GET'],
      ['app:///index.html', 'GET'],
      ['app://kiro-pool/index.html', 'POST'],
      ['app://kiro-pool/index.html', 'DELETE'],
    ] as const;
    return Promise.all(
      asked.map(async ([url, method]) => {
        const { status, headers } = await net.fetch(url, { method });
        return { url, status, policy: headers.get('content-security-policy') };
      }),
    );
  });
  for (const { url, status, policy } of answers) {
    expect([url, status]).toEqual([url, 404]);
    expect(policy).toContain("default-src 'none'");
  }
});

test('a message is only taken from the top frame of a screen: whoever else asks gets no answer to its question @double', async () => {
  const replies = await app.shell.evaluate(async ({ ipcMain, BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) throw new Error('there is no window');
    const { mainFrame } = window.webContents;
    const invoke: unknown = Reflect.get(ipcMain, '_invoke');
    if (typeof invoke !== 'function') throw new Error('this is no double');
    const frames = {
      screen: { url: 'app://kiro-pool/index.html', parent: null },
      gone: null,
      'a frame within a screen': { url: 'app://kiro-pool/index.html', parent: mainFrame },
      'another site': { url: 'https://evil.example/', parent: null },
      'another host of our scheme': { url: 'app://evil.example/index.html', parent: null },
      'a name that begins like ours': { url: 'app://kiro-pool.evil.example/', parent: null },
      'our name as a user': { url: 'app://kiro-pool@evil.example/', parent: null },
      'another port': { url: 'app://kiro-pool:8788/', parent: null },
      'another scheme': { url: 'http://kiro-pool/', parent: null },
      'an empty page': { url: 'about:blank', parent: null },
      'a page made of text': { url: 'data:text/html,app://kiro-pool/', parent: null },
      'a page made of a blob': { url: 'blob:app://kiro-pool/1', parent: null },
      'a file': { url: 'file:///app://kiro-pool/index.html', parent: null },
      'no address': { url: '', parent: null },
    };
    const entries = Object.entries(frames).map(async ([name, senderFrame]) => {
      const event = { sender: window.webContents, senderFrame };
      const reply: unknown = await Reflect.apply(invoke, ipcMain, ['kiro-pool:ask', event, ['desktop.info', {}]]);
      return [name, reply] as const;
    });
    return Promise.all(entries);
  });
  const { screen, ...others } = Object.fromEntries(replies);
  expect(screen).toMatchObject({ ok: true });
  for (const [name, reply] of Object.entries(others))
    expect([name, reply]).toMatchObject([name, { ok: false, error: { code: 'not-a-screen' } }]);
});

test('a screen that was taken over can make no frame, worker, form or script of its own @double', async () => {
  const page = await app.window();
  const wanted = ['frame-src', 'script-src-elem', 'script-src-attr', 'img-src', 'connect-src'];
  const made = await page.evaluate(async (directives) => {
    const refused: string[] = [];
    const areAllRefused = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        refused.push(effectiveDirective);
        if (directives.every((each) => refused.includes(each))) resolve();
      });
      // One that is not refused is told below.
      setTimeout(resolve, 10_000);
    });
    const frame = document.createElement('iframe');
    frame.src = 'app://kiro-pool/index.html';
    const script = document.createElement('script');
    script.textContent = 'window.wasRun = true';
    const picture = new Image();
    picture.src = 'https://evil.example/x.png';
    document.body.append(frame, script, picture);
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.wasRun = true">');
    const reached = await fetch('http://127.0.0.1:1/').then(
      () => true,
      () => false,
    );
    await areAllRefused;
    // Not before: the debugger lets evaluation through for as long as it calls.
    let isEvalAllowed = true;
    try {
      Reflect.construct(Function, ['return 1']);
    } catch {
      isEvalAllowed = false;
    }
    for (const each of [frame, script, picture]) each.remove();
    return { refused, isEvalAllowed, reached, wasRun: Reflect.get(window, 'wasRun') === true };
  }, wanted);
  expect(made).toMatchObject({ isEvalAllowed: false, reached: false, wasRun: false });
  expect(made.refused).toEqual(expect.arrayContaining(wanted));
});
