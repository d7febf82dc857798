import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openLogFile } from '../../app/store/log-file.ts';
import { KnownPages } from '../../main/known-pages.ts';
import { popoverPosition } from '../../main/popover-position.ts';
import { temporaryFolder } from '../support/engine.ts';

describe('the popover', () => {
  const workArea = { x: 0, y: 24, width: 1440, height: 876 };
  const size = { width: 360, height: 560 };

  it('opens under an icon at the top, and over one at the bottom', () => {
    expect(popoverPosition({ x: 1000, y: 0, width: 24, height: 24 }, workArea, size)).toEqual({ x: 832, y: 32 });
    expect(popoverPosition({ x: 1000, y: 900, width: 24, height: 24 }, workArea, size)).toEqual({ x: 832, y: 332 });
  });

  it('stays on the screen whose corner the icon is in', () => {
    expect(popoverPosition({ x: 1430, y: 0, width: 24, height: 24 }, workArea, size).x).toBe(1072);
    const left = { x: -1920, y: 0, width: 1920, height: 1040 };
    expect(popoverPosition({ x: -1920, y: 1040, width: 24, height: 24 }, left, size)).toEqual({ x: -1912, y: 472 });
  });
});

describe('pages that may be opened', () => {
  it("are the project's own and those of a sign-in under way, and no other", async () => {
    const pages = new KnownPages();
    const watched = pages.watch({
      'login.start': () => ({ loginId: '1', userCode: 'ABCD', url: 'https://device.example/a', expiresAt: 0 }),
      'handOff.news': () => ({
        steps: [{ type: 'waiting', url: 'https://device.example/b', userCode: 'ABCD', expiresAt: 0 }],
        isOver: false,
        result: null,
      }),
    });
    expect(pages.has('https://device.example/a')).toBe(false);
    await watched['login.start']({ kind: 'google' });
    await watched['handOff.news']({ handOffId: '1', seen: 0 });
    expect(pages.has('https://device.example/a')).toBe(true);
    expect(pages.has('https://device.example/b')).toBe(true);
    expect(pages.has('https://kiro.dev/')).toBe(true);
    expect(pages.has('https://kiro.dev/.evil.example')).toBe(false);
    expect(pages.has('file:///etc/passwd')).toBe(false);
  });
});

describe("the desktop app's log", () => {
  it('is private, begins anew when it is large, and keeps the file before', () => {
    using folder = temporaryFolder();
    const log = openLogFile(folder.file('log/kiro-pool.log'), 30);
    for (const line of ['first line\n', 'second line\n', 'third line\n']) log.write(line);
    expect(statSync(folder.file('log/kiro-pool.log')).mode & 0o777).toBe(0o600);
    expect(log.tail(10)).toEqual(['first line', 'second line', 'third line']);
    expect(log.tail(1)).toEqual(['third line']);
    log.write('fourth line\n');
    log.write('fifth line\n');
    expect(log.tail(10)).toEqual(['third line', 'fourth line', 'fifth line']);
  });

  it('goes on from the file that is there, and never throws', () => {
    using folder = temporaryFolder();
    openLogFile(folder.file('a.log')).write('before\n');
    expect(openLogFile(folder.file('a.log')).tail(5)).toEqual(['before']);
    const gone = openLogFile(folder.file('gone/a.log'));
    folder[Symbol.dispose]();
    expect(() => gone.write('nowhere\n')).not.toThrow();
    expect(gone.tail(5)).toEqual([]);
  });
});
