import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildApp } from 'electron-vite';
import { build as buildCommand } from 'vite';
import { noticesOf } from './notices.ts';
import { sbomOf } from './sbom.ts';
import { shippedPackages } from './shipped.ts';

/**
 * Builds everything into `out/`: the desktop app by electron-vite, what it is made of, and the command by Vite.
 * @throws Error that shows the place in the source
 */
export async function build(): Promise<void> {
  await buildApp({ configFile: join(root, 'electron.vite.config.ts'), logLevel: 'warn' });
  const shipped = shippedPackages(root);
  writeFileSync(join(root, 'out/THIRD_PARTY_NOTICES.txt'), noticesOf(shipped, root));
  writeFileSync(join(root, 'out/sbom.cdx.json'), `${JSON.stringify(sbomOf(shipped, root), undefined, 2)}\n`);
  await buildCommand({ configFile: join(root, 'build/command.vite.config.ts'), logLevel: 'warn' });
}

const root = join(import.meta.dirname, '..');

/** Says what went wrong, such as where in the source, without the builder's own stack. */
export function tellError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

// `npm run build`
if (import.meta.main) await build().catch(tellError);
