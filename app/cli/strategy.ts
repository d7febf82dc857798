import { common, report } from './command.ts';
import type { Command } from 'commander';
import { table } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { withEngine } from './session.ts';

/** `kiro-pool strategy [NAME]` */
export function addStrategyCommand(program: Command, io: Io): void {
  common(program.command('strategy [name]'))
    .summary('how an account is chosen')
    .description('show the ways in which an account is chosen for a request, or take another one by its name')
    .action((name: string | undefined, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const result = await ask('strategy', name === undefined ? {} : { name });
        report(io, options, result, () =>
          table(
            ['', 'STRATEGY', 'WHAT IT DOES'],
            result.choices.map((choice) => [choice.name === result.strategy ? '→' : '', choice.name, choice.meaning]),
          ),
        );
      }),
    );
}
