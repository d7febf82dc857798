import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../build/freshness.ts';

const run = promisify(execFile);
const command = 'out/cli/kiro-pool.js';

describe('the bundled command', () => {
  beforeAll(buildIfStale, 60_000);

  it('is the same command: it says its version and knows what it does', async () => {
    const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
    expect((await run(process.execPath, [command, '--version'])).stdout.trim()).toBe(version);
    const help = ['--help'];
    const [bundled, source] = await Promise.all([
      run(process.execPath, [command, ...help]),
      run(process.execPath, ['app/cli/main.ts', ...help]),
    ]);
    expect(bundled.stdout).toBe(source.stdout);
  });

  it('loads the emulator for the demo alone, and runs it', async () => {
    expect(await readFile(command, 'utf8')).not.toContain('startEmulator');
    const demo = spawn(process.execPath, [command, 'demo', '--json', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(demo, 'exit');
    try {
      const [line] = await once(createInterface({ input: demo.stdout }), 'line');
      const { url }: { url: string } = JSON.parse(String(line));
      expect((await fetch(`${url}/health`)).status).toBe(200);
    } finally {
      demo.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });
});
