import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandError } from '../control/control-contract.ts';
import { writePrivateFile } from '../store/private-file.ts';
import { common, failQuietly, report } from './command.ts';
import { oneLine } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { withEngine } from './session.ts';

/** `kiro-pool backup FILE` and `kiro-pool restore FILE` */
export function addBackupCommands(program: Command, io: Io): void {
  common(program.command('backup <file>'))
    .summary('write all of it into one sealed file')
    .description(
      'write accounts with their logins, settings and keys into one file, sealed with a passphrase (typed, or the first ' +
        'line of standard input). Logins rotate: one that has moved on since needs a new sign-in after a restore.',
    )
    .option('--force', 'replace the file if it exists', false)
    .action((file: string, options: CommonOptions & { readonly force: boolean }) => backup(io, file, options));
  common(program.command('restore <file>'))
    .summary('merge a backup into the pool')
    .description(
      'merge a backup into the pool: what is there already stays as it is. Do not use one backup on two machines at ' +
        "once: both would go on from the same tokens, and Kiro ends one machine's logins.",
    )
    .action((file: string, options: CommonOptions) => restore(io, file, options));
}

async function backup(io: Io, file: string, options: CommonOptions & { readonly force: boolean }): Promise<void> {
  const path = resolve(file);
  // Before anybody types a passphrase for nothing; the write looks again.
  if (!options.force && (await stat(path).catch(() => undefined)) !== undefined) {
    throw new CommandError('file-exists', `${path} exists already.`, 'Choose another name, or add --force.');
  }
  const passphrase = await io.readInput('Passphrase for the backup (it is not shown): ');
  if (io.isTerminal && (await io.readInput('The same again: ')) !== passphrase) {
    throw new CommandError('passphrases-differ', 'The two passphrases differ.', 'Try again.');
  }
  const { text, ...counts } = await withEngine(io, options, (ask) => ask('backup.create', { passphrase }));
  await writePrivateFile(path, text, { force: options.force });
  report(io, options, { file: path, ...counts }, () => {
    const { accounts, keys, left } = counts;
    const without = left.map((what) => oneLine(`Not in it, since it cannot be opened: ${what}`));
    const done = `${accounts} ${accounts === 1 ? 'account' : 'accounts'} and ${keys} ${keys === 1 ? 'key' : 'keys'}`;
    return `${oneLine(`Wrote ${path}: ${done}, sealed with your passphrase.`)}${without.join('')}`;
  });
}

async function restore(io: Io, file: string, options: CommonOptions): Promise<void> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError('not-found', `${path} cannot be read.`, 'Check its name and permissions.', { cause });
  });
  const passphrase = await io.readInput('Passphrase of the backup (it is not shown): ');
  const restored = await withEngine(io, options, (ask) => ask('backup.restore', { text, passphrase }), {
    begins: true,
  });
  report(io, options, restored, () => {
    const line = (result: string, name: string, reason: string): string =>
      oneLine(`${result.padEnd(8)} ${name}: ${reason}`);
    return [
      ...restored.accounts.map(({ label, result, reason }) => line(result, label, reason)),
      ...restored.keys.map(({ name, result, reason }) => line(result, `key ${name}`, reason)),
      ...restored.settings.map(({ key, result, reason }) => line(result, `setting ${key}`, reason)),
    ].join('');
  });
  if (restored.accounts.some(({ result }) => result === 'failed')) failQuietly();
}
