import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../build/freshness.ts';

// The program in Electron's place is a shell script.
describe.skipIf(process.platform !== 'linux')('npm start, where there is an Electron', () => {
  let folder: string;

  beforeAll(buildIfStale, 60_000);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiro-pool-start-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('starts the app of this checkout with the arguments it was given, and ends as the app ends', async () => {
    const start = await startWith('echo "$@"\nexit 7');
    expect(await firstLine(start.stdout)).toBe(`${resolve('.')} --hidden`);
    expect(await ended(start)).toBe(7);
  });

  it('tells the app to end when it is told to, and waits for it', async () => {
    const start = await startWith('trap "echo closing; exit 3" TERM\necho up\nwhile :; do sleep 0.05; done');
    expect(await firstLine(start.stdout)).toBe('up');
    const closing = firstLine(start.stdout);
    start.kill('SIGTERM');
    expect(await closing).toBe('closing');
    expect(await ended(start)).toBe(3);
  });

  async function startWith(script: string): Promise<ChildProcessByStdio<null, Readable, null>> {
    const program = join(folder, 'electron');
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    return spawn(process.execPath, ['build/start.ts', '--hidden'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder },
    });
  }
});

describe('npm start, where there is no Electron', () => {
  beforeAll(buildIfStale, 60_000);

  it('says so and offers the screens to the browser', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kiro-pool-start-'));
    const words = ['--json', '--port', '0', '--data-dir', join(folder, 'pool')];
    const start = spawn(process.execPath, ['build/start.ts', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder },
    });
    try {
      const [said, ready] = await Promise.all([firstLine(start.stderr), firstLine(start.stdout)]);
      expect(said).toMatch(/^There is no Electron here/);
      const { ui }: { ui: string } = JSON.parse(ready);
      const opened = await fetch(ui, { redirect: 'manual' });
      expect(opened.status).toBeLessThan(400);
    } finally {
      start.kill('SIGTERM');
    }
    expect(await ended(start)).toBe(0);
    await rm(folder, { recursive: true });
  });
});

async function firstLine(input: Readable): Promise<string> {
  const [line] = await once(createInterface({ input }), 'line');
  return String(line);
}

async function ended(start: ChildProcess): Promise<unknown> {
  if (start.exitCode !== null) return start.exitCode;
  const [code] = await once(start, 'exit');
  return code;
}
