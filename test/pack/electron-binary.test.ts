import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronBinary } from '../../build/electron-binary.ts';

describe('the look for Electron', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiro-pool-electron-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['linux', 'electron'],
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
    ['win32', 'electron.exe'],
  ] as const)('finds the one that the environment names on %s', async (platform, name) => {
    const program = join(folder, name);
    await mkdir(dirname(program), { recursive: true });
    await writeFile(program, '');
    expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: folder }, platform)).toBe(program);
  });

  it('finds none in a folder without one, and downloads none', () => {
    expect(electronBinary({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBeUndefined();
  });
});
