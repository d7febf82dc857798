import { createPackage } from '@electron/asar';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The fuses of a stock binary: a sentinel, the wire's version and length, then one digit per fuse, all on. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1'),
  Buffer.from([1, 9]),
  Buffer.from('111111111', 'latin1'),
]);

/**
 * Writes a folder that electron-builder takes for Electron's binaries of Linux, so that packing can be checked where they
 * cannot be downloaded. It has what packing reads and changes, and starts nothing.
 * @param version of Electron, as in package.json
 */
export async function writeStandInElectron(folder: string, version: string): Promise<void> {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  const program = join(folder, 'electron');
  writeFileSync(program, Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), fuseWire]));
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'LICENSE'), 'Stand-in\n');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), 'Stand-in\n');
  for (const language of ['en-US', 'de']) writeFileSync(join(folder, 'locales', `${language}.pak`), '');
  const page = mkdtempSync(join(tmpdir(), 'kiro-pool-default-app-'));
  writeFileSync(join(page, 'package.json'), '{}');
  await createPackage(page, join(folder, 'resources/default_app.asar'));
  rmSync(page, { recursive: true });
}
