import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Inputs that are kept in the repository: one of each outcome, and each that ever broke a promise. In the order of their names. */
export function corpusOf(target: string): Buffer[] {
  const folder = folderOf(target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(`${folder}/${name}`));
}

/** Keeps an input, under a name that says why. @returns its path */
export function keep(target: string, why: string, input: Buffer): string {
  const folder = folderOf(target);
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 8);
  const path = `${folder}/${why.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}-${hash}.bin`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, input);
  return path;
}

function folderOf(target: string): string {
  return fileURLToPath(new URL(`corpus/${target}`, import.meta.url));
}
