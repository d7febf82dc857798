import { PassThrough, Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { readSecretLine } from '../../app/cli/secret-input.ts';
import { temporaryFolder } from '../support/engine.ts';

function screen(): { output: Writable; text: () => string } {
  let text = '';
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { output, text: () => text };
}

describe('a secret line', () => {
  it.each([
    ['one\ntwo\n', 'one'],
    ['one\r\n', 'one'],
    ['one', 'one'],
    [' spaces stay \n', ' spaces stay '],
  ])('of %j piped in is its first', async (piped, line) => {
    const { output, text } = screen();
    expect(await readSecretLine('Key: ', { input: Readable.from([Buffer.from(piped)]), output })).toBe(line);
    expect(text()).toBe('');
  });

  it('that does not come is an error', async () => {
    const { output } = screen();
    const none = readSecretLine('Key: ', { input: Readable.from([]), output });
    await expect(none).rejects.toMatchObject({ code: 'no-input' });
  });

  it.each(['\u0003', '\u0004'])('ends when the person presses %j', async (pressed) => {
    const { output } = screen();
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const read = readSecretLine('Key: ', { input, output });
    input.write(pressed);
    await expect(read).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('typed at a real terminal is not shown', async () => {
    using folder = temporaryFolder();
    const main = fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url));
    const terminal = spawn(process.execPath, [main, 'accounts', 'add-key', '--json'], {
      env: { ...process.env, KIRO_POOL_DATA_DIR: folder.file('data') },
    });
    let seen = '';
    terminal.onData((text) => void (seen += text));
    const ended = new Promise<number>((resolve) => {
      terminal.onExit(({ exitCode }) => resolve(exitCode));
    });
    await expect.poll(() => seen, { timeout: 10_000 }).toContain('API key');
    terminal.write('not-a-key-of-kiro\r');
    expect(await ended).toBe(1);
    expect(seen).toContain('unreadable');
    expect(seen).not.toContain('not-a-key-of-kiro');
  });
});
