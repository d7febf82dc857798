import { Option, type Command } from 'commander';
import type { Output } from '../contract.ts';
import type { ControlContract } from '../control/control-contract.ts';
import { common, report } from './command.ts';
import { oneLine, until } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { withEngine, type Ask } from './session.ts';

interface LoginOptions extends CommonOptions {
  readonly kind: 'google' | 'github' | 'builder-id' | 'identity-center';
  readonly startUrl?: string;
  readonly region?: string;
  readonly profile?: string;
}

type Added = Output<ControlContract, 'login.wait'>;

/** The ways in that need no other program: a sign-in in the browser, and an API key. */
export function addLoginCommands(accounts: Command, io: Io): void {
  common(accounts.command('login'))
    .description(
      'sign in to an account in the browser. The pool gets a login of its own; kiro-cli and the IDE are not touched.',
    )
    .addOption(
      new Option('--kind <kind>', 'where the account signs in')
        .choices(['google', 'github', 'builder-id', 'identity-center'])
        .makeOptionMandatory(),
    )
    .option('--start-url <url>', "of the organisation's Identity Center")
    .option('--region <region>', 'where that Identity Center is, such as us-east-1')
    .option('--profile <arn>', 'the profile to charge, for a login that has several')
    .action((options: LoginOptions, command: Command) => {
      const needsPlace = options.kind === 'identity-center';
      if (needsPlace && (options.startUrl === undefined || options.region === undefined)) {
        command.error('error: --kind identity-center needs --start-url and --region', { exitCode: 2 });
      }
      return withEngine(io, options, (ask) => login(io, options, ask));
    });
  common(accounts.command('add-key'))
    .description('add an API key of Kiro (ksk_…), read from standard input or typed unseen')
    .action(async (options: CommonOptions) => {
      const key = await io.readInput('API key (it is not shown): ');
      const added = await withEngine(io, options, (ask) => ask('accounts.addKey', { key: key.trim() }));
      report(io, options, added, () => addedText(added));
    });
  common(accounts.command('profile <account> <arn>'))
    .description('choose the profile to charge, for a login that has several')
    .action((id: string, profile: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const settled = await ask('accounts.profile', { id, profile });
        report(io, options, settled, () => addedText(settled));
      }),
    );
}

async function login(io: Io, options: LoginOptions, ask: Ask): Promise<void> {
  const { kind, startUrl, region, profile } = options;
  const { loginId, ...prompt } = await ask('login.start', {
    kind,
    ...(startUrl === undefined ? {} : { startUrl }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  io.out(options.json === true ? `${JSON.stringify({ event: 'code', ...prompt })}\n` : promptText(prompt));
  let isOver = false;
  const cancelOnStop = async (): Promise<void> => {
    await io.stopRequested();
    if (!isOver) await ask('login.cancel', { loginId });
  };
  // The wait below tells how it ended; a cancel that fails has nobody left to tell.
  cancelOnStop().catch(() => undefined);
  try {
    const added = await ask('login.wait', { loginId });
    report(io, options, added, () => addedText(added));
  } finally {
    isOver = true;
  }
}

/** The code large, since it is compared with the one in the browser. */
function promptText({ userCode, url, expiresAt }: { userCode: string; url: string; expiresAt: number }): string {
  const code = oneLine(userCode).trimEnd().split('').join(' ');
  const bar = '─'.repeat(code.length + 6);
  return (
    `Open this page in your browser, and check that it shows this code:\n\n` +
    `    ┌${bar}┐\n    │   ${code}   │\n    └${bar}┘\n\n` +
    `  ${oneLine(url)}\n` +
    `Waiting for you to confirm it there; the code ends ${until(expiresAt, Date.now())}. Ctrl-C cancels.\n`
  );
}

function addedText({ result, label, reason }: Added): string {
  return oneLine(`${result.padEnd(8)} ${label}: ${reason}`);
}
