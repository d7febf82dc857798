/** The keychain that guards the logins: weak, locked, gone, rotated; and a start that nobody watches. @double */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startApp, type AppWorld } from './app-world.ts';

const sealedKey = (app: AppWorld): string => join(app.home, '.local/share/kiro-pool/master.key.sealed');

test('a key that everybody knows is told plainly, on the first screen and in the doctor @double', async () => {
  const app = await startApp({ secrets: 'v10' });
  try {
    const page = await app.window();
    await page.goto(page.url().replace(/#.*/, '#overview'));
    await expect(page.getByText('Your logins are sealed with a key that everybody knows')).toBeVisible();
    expect(JSON.parse(readFileSync(sealedKey(app), 'utf8'))).toMatchObject({ strength: 'weak' });
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a keychain that was set up since seals the key anew, and the pool goes on @double', async () => {
  const app = await startApp({ secrets: 'v10' });
  try {
    const key = await app.key();
    await app.restart({ secrets: 'v11' });
    expect(await app.key()).toBe(key);
    expect(JSON.parse(readFileSync(sealedKey(app), 'utf8'))).toMatchObject({ strength: 'os-keychain' });
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a locked keychain is asked for again; nothing is overwritten meanwhile @double', async () => {
  const app = await startApp();
  try {
    await app.window();
    const before = readFileSync(sealedKey(app), 'utf8');
    const key = await app.key();
    await app.restart({ secrets: 'locked' });
    await expect.poll(() => app.shell.control((controls) => controls.dialogs().length)).toBeGreaterThan(0);
    const [dialog] = await app.shell.control((controls) => controls.dialogs());
    expect(dialog).toMatchObject({ message: 'Kiro Pool could not start', detail: expect.stringContaining('keychain') });
    expect(dialog?.buttons).toEqual(['Try again', 'Quit', 'Start afresh…']);
    expect(readFileSync(sealedKey(app), 'utf8')).toBe(before);
    await app.shell.control((controls) => {
      controls.setSecrets('v11');
      controls.answerDialogs([{ kind: 'message', response: 0 }]);
    });
    await app.window();
    expect(await app.key()).toBe(key);
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a start that nobody watches waits for the keychain, without a window and without asking @double', async () => {
  const app = await startApp();
  try {
    await app.window();
    const key = await app.key();
    await app.restart({ secrets: 'locked', args: ['--hidden'] });
    await expect(fetch(`${app.url}/health`)).rejects.toThrow();
    expect(await app.shell.control((controls) => controls.dialogs())).toEqual([]);
    await app.shell.control((controls) => controls.setSecrets('v11'));
    await expect.poll(async () => (await fetch(`${app.url}/health`).catch(() => undefined))?.status).toBe(200);
    expect(await app.key()).toBe(key);
    const visible = (await app.shell.windows()).filter(({ isVisible }) => isVisible);
    expect(visible).toEqual([]);
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('somebody who comes while it waits is asked to unlock the keychain @double', async () => {
  const app = await startApp();
  try {
    await app.window();
    await app.restart({ secrets: 'locked', args: ['--hidden'] });
    await expect(fetch(`${app.url}/health`)).rejects.toThrow();
    await expect.poll(() => app.shell.evaluate(({ app: shell }) => shell.isReady())).toBe(true);
    await app.shell.control((controls) => controls.secondInstance([]));
    await expect.poll(() => app.shell.control((controls) => controls.dialogs().length)).toBe(1);
    await app.shell.control((controls) => {
      controls.setSecrets('v11');
      controls.answerDialogs([{ kind: 'message', response: 0 }]);
    });
    await app.window();
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a lost key is given up only when the user says so, and is kept aside @double', async () => {
  const app = await startApp();
  try {
    await app.window();
    await app.restart({ secrets: 'unavailable' });
    await expect.poll(() => app.shell.control((controls) => controls.dialogs().length)).toBeGreaterThan(0);
    await app.shell.control((controls) => {
      controls.setSecrets('v11');
      controls.loseSecrets();
      controls.answerDialogs([
        { kind: 'message', response: 0 },
        { kind: 'message', response: 2 },
        { kind: 'message', response: 1 },
      ]);
    });
    await app.window();
    const folder = join(app.home, '.local/share/kiro-pool');
    expect(readdirSync(folder).filter((name) => name.startsWith('master.key.sealed.lost-'))).toHaveLength(1);
  } finally {
    await app[Symbol.asyncDispose]();
  }
});

test('a pool that another program has is left alone, and said so @double', async () => {
  const app = await startApp();
  const scratch = mkdtempSync(join(tmpdir(), 'kiro-pool-second-'));
  try {
    await app.window();
    const second = await startApp({
      env: { KIRO_POOL_DATA_DIR: join(app.home, '.local/share/kiro-pool') },
      home: scratch,
    });
    await expect.poll(() => second.shell.control((controls) => controls.dialogs().length)).toBeGreaterThan(0);
    const [dialog] = await second.shell.control((controls) => controls.dialogs());
    expect(dialog?.detail).toContain('is in use by Kiro Pool');
    await second.shell.control((controls) => controls.answerDialogs([{ kind: 'message', response: 1 }]));
    expect(await second.shell.exited).toBe(1);
    await second[Symbol.asyncDispose]();
    expect((await fetch(`${app.url}/health`)).status).toBe(200);
  } finally {
    await app[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true, force: true });
  }
  expect(existsSync(scratch)).toBe(false);
});
