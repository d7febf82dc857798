import { extractAll } from '@electron/asar';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { buildIfStale } from './freshness.ts';
import { writeStandInElectron } from './stand-ins/electron.ts';
import { writePackingTools, type PackingTools } from './stand-ins/packing-tools.ts';

/** What packing left behind; all paths are absolute. */
export interface Packed {
  /** The app as it would be installed. */
  readonly appFolder: string;
  readonly asar: string;
  /** The .tar.gz, the .AppImage and the .deb. */
  readonly installers: readonly string[];
  /** What the deb's packer was given. */
  readonly deb: PackingTools['deb'];
  /** The archive's content, laid out as in a checkout: its `out/main/index.js` is what Electron would start. */
  readonly extracted: string;
}

/**
 * Packs the app for Linux as `npm run dist` does, but without the internet: around a stand-in for Electron and with Debian's
 * tools, so that everything about the result can be checked but that it starts.
 * @param folder is emptied first
 * @throws Error with electron-builder's own words
 */
export async function packOffline(folder: string): Promise<Packed> {
  await buildIfStale();
  rmSync(folder, { recursive: true, force: true });
  const electron = join(folder, 'electron');
  await writeStandInElectron(electron, electronVersion);
  const { env, deb } = writePackingTools(join(folder, 'tools'));
  const dist = join(folder, 'dist');
  const builder = join(require.resolve('electron-builder/package.json'), '../cli.js');
  const overrides = {
    electronDist: electron,
    electronVersion,
    'directories.output': dist,
  };
  await promisify(execFile)(
    process.execPath,
    [
      builder,
      '--linux',
      '--publish=never',
      ...Object.entries(overrides).map(([name, value]) => `--config.${name}=${value}`),
    ],
    { cwd: join(import.meta.dirname, '..'), env: { ...process.env, ...env } },
  );
  const appFolder = join(dist, process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`);
  const asar = join(appFolder, 'resources/app.asar');
  const extracted = join(folder, 'app');
  extractAll(asar, extracted);
  const installers = readdirSync(dist)
    .filter((name) => name.startsWith('kiro-pool-'))
    .map((name) => join(dist, name));
  return { appFolder, asar, installers, deb, extracted };
}

const require = createRequire(import.meta.url);
const { version: electronVersion } = v.parse(
  v.object({ version: v.string() }),
  JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8')),
);

// `npm run pack`
if (import.meta.main) {
  const { extracted } = await packOffline(join(import.meta.dirname, '../out/packed'));
  process.stdout.write(
    `Packed around a stand-in for Electron. The packed app's entry:\n${join(extracted, 'out/main/index.js')}\n`,
  );
}
