import type { Command } from 'commander';
import { clock, oneLine, table } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { common, report } from './command.ts';
import { nextStep } from './next-step.ts';
import { withEngine } from './session.ts';

/** `kiro-pool key …` */
export function addKeyCommands(program: Command, io: Io): void {
  const key = common(program.command('key'))
    .summary('the local API keys that tools need')
    .description('the local API keys that tools need; give each project its own');
  common(key.command('list'))
    .description('the names of the keys')
    .action((options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const keys = await ask('keys.list', {});
        report(io, options, keys, () =>
          table(
            ['NAME', 'CREATED'],
            keys.map(({ name, createdAt }) => [name, clock(createdAt)]),
          ),
        );
      }),
    );
  common(key.command('show [name]'))
    .description('print a key (default: the one named default)')
    .action((name: string | undefined, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const shown = await ask('keys.show', { name: name ?? 'default' });
        report(io, options, shown, () => `${shown.key}\n`);
      }),
    );
  common(key.command('create <name>'))
    .description('make a key; see it with key show')
    .action((name: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const created = await ask('keys.create', { name });
        report(io, options, { name: created.name }, () =>
          oneLine(`Made the key ${name}. See it: ${nextStep(`key show ${name}`, options)}`),
        );
      }),
    );
  common(key.command('revoke <name>'))
    .description('end a key at once')
    .action((name: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        await ask('keys.revoke', { name });
        report(io, options, { revoked: name }, () => `Revoked the key ${name}.\n`);
      }),
    );
}
