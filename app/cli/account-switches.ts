import { Argument, type Command } from 'commander';
import { accountTable } from './account-table.ts';
import { common, report } from './command.ts';
import { oneLine } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { nextStep } from './next-step.ts';
import { amount } from './numbers.ts';
import { withEngine } from './session.ts';

/** What a person switches on an account that is in the pool. */
export function addAccountSwitches(accounts: Command, io: Io): void {
  const change = (
    question: 'accounts.clear' | 'accounts.pause' | 'accounts.resume' | 'accounts.refresh',
    summary: string,
    description = summary,
  ): void => {
    common(accounts.command(`${question.slice('accounts.'.length)} <account>`))
      .summary(summary)
      .description(description)
      .action((id: string, options: CommonOptions) =>
        withEngine(io, options, async (ask) => {
          const account = await ask(question, { id });
          report(io, options, account, () => accountTable([account]));
        }),
      );
  };
  change('accounts.refresh', 'ask Kiro for plan and credits', "ask Kiro for the account's plan and credits now");
  change('accounts.pause', 'leave it out until you resume it');
  change('accounts.resume', 'end its pause');
  change(
    'accounts.clear',
    'let it serve again in spite of its state',
    'let an account serve again that was parked, or is cooling down or used up',
  );
  common(accounts.command('pin <account>'))
    .summary('let this account alone serve; auto ends it')
    .description('let this account alone serve (its id or label); auto lets the strategy choose again')
    .action((id: string, options: CommonOptions) => pin(io, id, options));
  common(accounts.command('overage'))
    .summary('allow spending beyond the plan, or not')
    .addArgument(new Argument('<account>', 'its id or label'))
    .addArgument(new Argument('<switch>', 'whether it may').choices(['on', 'off']))
    .description(
      'allow an account to spend beyond its plan, which Kiro charges for; off by default. It also has to be on at ' +
        'Kiro, where we never switch it.',
    )
    .option('--daily-cap <credits>', 'the most that may be spent so through Kiro Pool in a day (UTC)', amount)
    .action((id: string, to: 'on' | 'off', options: CommonOptions & { readonly dailyCap?: number }) =>
      withEngine(io, options, async (ask) => {
        const { dailyCap } = options;
        const isAllowed = to === 'on';
        const account = await ask('accounts.overage', {
          id,
          isAllowed,
          ...(dailyCap === undefined ? {} : { dailyCap }),
        });
        report(io, options, account, () => accountTable([account]));
      }),
    );
}

function pin(io: Io, id: string, options: CommonOptions): Promise<void> {
  return withEngine(io, options, async (ask) => {
    const result = await ask('accounts.pin', { id: id === 'auto' ? null : id });
    report(io, options, result, () =>
      result.pinned === null
        ? 'The strategy chooses again.\n'
        : oneLine(`Only ${id} serves now. To end it: ${nextStep('accounts pin auto', options)}`),
    );
  });
}
