import type { Command } from 'commander';
import { CommandError } from '../control/control-contract.ts';
import { table } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { common, report } from './command.ts';
import { withEngine } from './session.ts';

/** `kiro-pool settings …` */
export function addSettingsCommands(program: Command, io: Io): void {
  const settings = common(program.command('settings')).description('how Kiro Pool behaves');
  common(settings.command('list'))
    .description('every setting with its value and meaning')
    .action((options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const list = await ask('settings.list', {});
        report(io, options, list, () =>
          table(
            ['SETTING', 'VALUE', 'MEANING'],
            list.map(({ key, value, description }) => [key, shown(value), description]),
          ),
        );
      }),
    );
  common(settings.command('get <setting>'))
    .description('the value of one setting')
    .action((key: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const setting = (await ask('settings.list', {})).find((each) => each.key === key);
        if (!setting) {
          throw new CommandError('unknown-setting', `There is no setting "${key}".`, 'See: kiro-pool settings list');
        }
        report(io, options, setting, () => `${shown(setting.value)}\n`);
      }),
    );
  common(settings.command('set <setting> <value>'))
    .summary('change a setting')
    .description('change a setting, by its name in settings list; the value none empties it')
    .action((key: string, value: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const setting = await ask('settings.set', { key, value });
        const when = key === 'host' || key === 'port' ? ' Kiro Pool listens there from its next start on.' : '';
        report(io, options, setting, () => `${key} is ${shown(setting.value)} now.${when}\n`);
      }),
    );
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
