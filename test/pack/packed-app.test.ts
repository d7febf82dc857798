import { extractFile, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panels, trayStates } from '../../build/icon-set.ts';
import { packOffline, type Packed } from '../../build/pack.ts';
import { appImageRuntimeBytes, missingPackingTools } from '../../build/stand-ins/packing-tools.ts';

const run = promisify(execFile);
const missing = process.platform === 'linux' ? missingPackingTools() : ['Linux'];
const why = missing.length === 0 ? '' : ` (skipped: packing needs ${missing.join(', ')})`;

describe.skipIf(missing.length > 0)(`the packed app${why}`, () => {
  let folder: string;
  let packed: Packed;
  let files: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kiro-pool-pack-'));
    packed = await packOffline(folder);
    files = listPackage(packed.asar, { isPack: false }).filter(
      (path) => 'size' in statFile(packed.asar, path.slice(1)),
    );
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds the bundles, the screens, the icons, and the one package that cannot be bundled', () => {
    const other = files.filter(
      (path) =>
        !/^\/out\/main\/chunks\/[\w-]+\.js$/.test(path) &&
        !/^\/out\/renderer\/(?:index|popover)\.html$/.test(path) &&
        !/^\/out\/renderer\/assets\/[\w.-]+\.(?:js|css|woff2|svg|png)$/.test(path) &&
        !/^\/out\/icons\/(?:app\.png|tray\/[\w@-]+\.(?:png|ico))$/.test(path) &&
        !/^\/node_modules\/@lydell\/node-pty(?:-\w+-\w+)?\/(?:[\w/-]+\.(?:js|node)|package\.json|LICENSE)$/.test(path),
    );
    expect(other.toSorted()).toEqual(['/out/main/index.js', '/out/preload/preload.cjs', '/package.json']);
  });

  it('describes itself in a manifest with nothing that only a checkout needs', async () => {
    const manifest: unknown = JSON.parse(extractFile(packed.asar, 'package.json').toString());
    const { version, description }: { version: string; description: string } = JSON.parse(
      await readFile('package.json', 'utf8'),
    );
    expect(withoutNulls(manifest)).toEqual({
      name: 'kiro-pool',
      version,
      private: true,
      description,
      license: 'MIT',
      author: 'The Kiro Pool authors',
      type: 'module',
      main: 'out/main/index.js',
      desktopName: 'io.github.kiro_pool.KiroPool.desktop',
      homepage: 'https://kiro-pool.invalid/',
    });
  });

  it('carries no test, no source, no demo and no path of the machine it was packed on', async () => {
    expect(files.filter((path) => /\.(?:tsx?|map|md)$|emulator|fixtures|\/cli\//.test(path))).toEqual([]);
    for (const bundle of ['out/main/index.js', 'out/preload/preload.cjs']) {
      const text = await readFile(join(packed.extracted, bundle), 'utf8');
      expect(text).not.toContain(process.cwd());
      expect(text).not.toContain('startEmulator');
    }
  });

  it('needs nothing at run time but Electron, Node and the terminal', async () => {
    const bundles = files.filter((path) => /^\/out\/(?:main|preload)\/.*js$/.test(path));
    const texts = await Promise.all(bundles.map((path) => readFile(join(packed.extracted, path), 'utf8')));
    const asked = texts.flatMap((text) =>
      [...text.matchAll(/(?:^import [^"]*|await import\(|\brequire\(|__require\()"([^"]+)"/gm)].map(
        ([, name]) => name ?? '',
      ),
    );
    const strangers = asked.filter((name) => !isBuiltin(name) && !name.startsWith('.'));
    expect([...new Set(strangers)].toSorted()).toEqual(['@lydell/node-pty', 'electron']);
  });

  it('has screens with nothing inline, which ask for files beside them alone', async () => {
    for (const screen of ['index', 'popover']) {
      const page = await readFile(join(packed.extracted, `out/renderer/${screen}.html`), 'utf8');
      expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
      const addresses = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
      expect(addresses.length).toBeGreaterThan(1);
      for (const address of addresses) {
        expect(address).toMatch(/^\.\/assets\//);
        expect(files).toContain(`/out/renderer/${address.slice(2)}`);
      }
    }
    const styles = files.filter((path) => path.endsWith('.css'));
    for (const path of styles) {
      const text = await readFile(join(packed.extracted, path), 'utf8');
      const addresses = [...text.matchAll(/url\(["']?([^"')]*)/g)].map(([, address]) => address ?? '');
      // What a data: URL may be is a picture; the policy allows no other.
      expect(addresses.filter((address) => !/^(?:\.\/[\w.-]+|data:image\/.*)$/.test(address))).toEqual([]);
    }
  });

  it('brings the licences of others and the list of its parts, where a person finds them', async () => {
    const beside = join(packed.appFolder, 'resources');
    expect(await readFile(join(beside, 'THIRD_PARTY_NOTICES.txt'), 'utf8')).toContain('valibot');
    expect(JSON.parse(await readFile(join(beside, 'sbom.cdx.json'), 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX' });
  });

  it('keeps the icons under the names that macOS knows a template by', () => {
    for (const state of trayStates) {
      expect(files).toContain(`/out/icons/tray/tray-${state}Template.png`);
      expect(files).toContain(`/out/icons/tray/tray-${state}Template@2x.png`);
      for (const panel of Object.keys(panels)) expect(files).toContain(`/out/icons/tray/tray-${state}-on-${panel}.ico`);
    }
  });

  it("has the terminal's binary outside the archive, where the system can load it", async () => {
    const unpacked = `${packed.asar}.unpacked/node_modules/@lydell`;
    const binary = join(unpacked, `node-pty-${process.platform}-${process.arch}`, 'pty.node');
    expect(existsSync(binary)).toBe(true);
    const script = `require(${JSON.stringify(join(unpacked, 'node-pty'))}).spawn('true', [], {}).onExit(({ exitCode }) => process.exit(exitCode + 40))`;
    await expect(run(process.execPath, ['-e', script])).rejects.toMatchObject({ code: 40 });
  });

  it('starts no other program, reads no other code and takes no debugger', async () => {
    const fuses = await getCurrentFuseWire(join(packed.appFolder, 'kiro-pool-desktop'));
    const on = new Set([
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.WasmTrapHandlers,
    ]);
    for (const fuse of Object.values(FuseV1Options).filter((value) => typeof value === 'number'))
      expect({ fuse: FuseV1Options[fuse], state: fuses[fuse] }).toEqual({
        fuse: FuseV1Options[fuse],
        state: on.has(fuse) ? FuseState.ENABLE : FuseState.DISABLE,
      });
  });

  it('stays small: 4 MB beside Electron', async () => {
    const { size } = await stat(packed.asar);
    expect(size).toBeLessThan(4_000_000);
  });

  it('is in a .tar.gz with everything in one folder', async () => {
    const { stdout } = await run('tar', ['tzf', installer('.tar.gz')]);
    const entries = stdout.trim().split('\n');
    expect(new Set(entries.map((entry) => entry.split('/')[0])).size).toBe(1);
    expect(entries.some((entry) => entry.endsWith('/resources/app.asar'))).toBe(true);
    // Chromium's own words, in the one language of the screens.
    expect(entries.filter((entry) => entry.endsWith('.pak')).map((entry) => entry.split('/').at(-1))).toEqual([
      'en-US.pak',
    ]);
  });

  it('is in an AppImage whose .desktop file is valid and bears the name of its windows', async () => {
    const tree = join(folder, 'tree');
    await run('unsquashfs', ['-q', '-d', tree, '-o', String(appImageRuntimeBytes), installer('.AppImage')]);
    const desktopFile = join(tree, 'io.github.kiro_pool.KiroPool.desktop');
    await run('desktop-file-validate', ['--warn-kde', desktopFile]);
    const entry = await readFile(desktopFile, 'utf8');
    expect(entry).toContain('\nName=Kiro Pool\n');
    expect(entry).toContain('\nExec=AppRun %U\n');
    expect(entry).toContain('\nIcon=kiro-pool-desktop\n');
    expect(entry).toContain('\nStartupWMClass=io.github.kiro_pool.KiroPool\n');
    expect(await readdir(join(tree, 'usr/share/icons/hicolor'))).toEqual(
      expect.arrayContaining(['16x16', '48x48', '256x256', '512x512']),
    );
    expect(existsSync(join(tree, 'resources/app.asar'))).toBe(true);
  });

  it('is in a Debian package with its dependencies, its icons and the same .desktop file', async () => {
    const words = (await readFile(packed.deb.arguments, 'utf8')).split('\n');
    const valuesOf = (flag: string): string[] => words.filter((_, index) => words[index - 1] === flag);
    expect(valuesOf('-t')).toEqual(['deb']);
    expect(valuesOf('--name')).toEqual(['kiro-pool']);
    expect(valuesOf('--license')).toEqual(['MIT']);
    expect(valuesOf('-d')).toEqual(expect.arrayContaining(['libgtk-3-0', 'libnss3', 'libsecret-1-0']));
    expect(valuesOf('--deb-recommends')).toEqual(['gnome-keyring | kwalletmanager']);
    const targets = words.filter((word) => word.includes('=/')).map((word) => word.slice(word.indexOf('=') + 1));
    expect(targets).toContain('/opt/Kiro Pool');
    expect(targets).toContain('/usr/share/applications/io.github.kiro_pool.KiroPool.desktop');
    await run('desktop-file-validate', ['--warn-kde', packed.deb.desktopFile]);
    expect(await readFile(packed.deb.desktopFile, 'utf8')).toContain('\nExec="/opt/Kiro Pool/kiro-pool-desktop" %U\n');
    expect(targets).toContain('/usr/share/icons/hicolor/256x256/apps/kiro-pool-desktop.png');
  });

  it('is known to Windows and Linux by the one name that the shell gives them', async () => {
    const text = await readFile(join(packed.extracted, 'out/main/index.js'), 'utf8');
    expect(text).toContain('"io.github.kiro_pool.KiroPool"');
    expect(await readFile('electron-builder.yml', 'utf8')).toContain('\nappId: io.github.kiro_pool.KiroPool\n');
  });

  function installer(ending: string): string {
    return packed.installers.find((path) => path.endsWith(ending)) ?? `no ${ending}`;
  }
});

/** What is taken out of the manifest is left there as null. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
}
