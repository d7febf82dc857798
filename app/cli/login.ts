import { Option, type Command } from 'commander';
import type { HandOffStepView, Input, Output } from '../contract.ts';
import type { ControlContract } from '../control/control-contract.ts';
import { jsonLine } from '../conversation/plain-line.ts';
import { common, failQuietly, report } from './command.ts';
import { oneLine, until } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { withEngine, type Ask } from './session.ts';

interface LoginOptions extends CommonOptions {
  readonly kind: 'google' | 'github' | 'builder-id' | 'identity-center';
  readonly startUrl?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly withKiroCli: boolean;
  readonly previous: 'refuse' | 'put-back' | 'keep-new';
}

type Added = Output<ControlContract, 'login.wait'>;

/** The ways in that need no other program: a sign-in in the browser, and an API key. */
export function addLoginCommands(accounts: Command, io: Io): void {
  common(accounts.command('login'))
    .summary('sign in to an account in the browser')
    .description(
      'sign in to an account in the browser. The pool gets a login of its own; kiro-cli and the IDE are not touched.',
    )
    .addOption(
      new Option('--kind <kind>', 'where the account signs in')
        .choices(['google', 'github', 'builder-id', 'identity-center'])
        .makeOptionMandatory(),
    )
    .option('--start-url <url>', "for identity-center: the start URL of the organisation's Identity Center")
    .option('--region <region>', 'for identity-center: where that is, such as us-east-1')
    .option('--profile <arn>', 'the profile to charge, for a login that has several')
    .option('--with-kiro-cli', 'let the real kiro-cli make the login, and give it its own login back afterwards', false)
    .addOption(
      new Option(
        '--previous <what>',
        'with --with-kiro-cli, when kiro-cli is signed in: do nothing, give it its login back, or leave it the new one',
      )
        .choices(['refuse', 'put-back', 'keep-new'])
        .default('refuse'),
    )
    .action((options: LoginOptions, command: Command) => {
      const needsPlace = options.kind === 'identity-center';
      if (needsPlace && (options.startUrl === undefined || options.region === undefined)) {
        command.error('error: --kind identity-center needs --start-url and --region', { exitCode: 2 });
      }
      const signIn = (ask: Ask): Promise<void> =>
        options.withKiroCli ? handOff(io, options, ask) : login(io, options, ask);
      return withEngine(io, options, signIn, { takes: 'minutes', begins: true });
    });
  common(accounts.command('add-key'))
    .summary('add an API key of Kiro (ksk_…)')
    .description('add an API key of Kiro (ksk_…), read from standard input or typed unseen')
    .action(async (options: CommonOptions) => {
      const key = await io.readInput('API key (it is not shown): ');
      const added = await withEngine(io, options, (ask) => ask('accounts.addKey', { key: key.trim() }), {
        begins: true,
      });
      report(io, options, added, () => addedText(added));
    });
  common(accounts.command('profile <account> <arn>'))
    .summary('choose the profile to charge')
    .description('choose the profile to charge, for a login that has several')
    .action((id: string, profile: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const settled = await ask('accounts.profile', { id, profile });
        report(io, options, settled, () => addedText(settled));
      }),
    );
}

async function login(io: Io, options: LoginOptions, ask: Ask): Promise<void> {
  const { loginId, ...prompt } = await ask('login.start', targetOf(options));
  io.out(options.json === true ? jsonLine({ event: 'code', ...prompt }) : promptText(prompt));
  const added = await untilStopped(
    io,
    () => ask('login.cancel', { loginId }),
    () => ask('login.wait', { loginId }),
  );
  report(io, options, added, () => addedText(added));
}

/** Runs to its end; when the user asks to stop meanwhile, it is cancelled and says itself how it ended. */
async function untilStopped<T>(io: Io, cancel: () => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  let isOver = false;
  const cancelOnStop = async (): Promise<void> => {
    await io.stopRequested();
    if (!isOver) await cancel();
  };
  // A cancel that fails has nobody left to tell.
  cancelOnStop().catch(() => undefined);
  try {
    return await run();
  } finally {
    isOver = true;
  }
}

function targetOf({ kind, startUrl, region, profile }: LoginOptions): Input<ControlContract, 'login.start'> {
  return {
    kind,
    ...(startUrl === undefined ? {} : { startUrl }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** The sign-in with the real kiro-cli, step by step. */
async function handOff(io: Io, options: LoginOptions, ask: Ask): Promise<void> {
  const { handOffId } = await ask('handOff.start', { ...targetOf(options), previous: options.previous });
  const show = (step: HandOffStepView): void => {
    if (options.json === true) io.out(jsonLine({ event: 'step', ...step }));
    else io.out(stepText(step));
  };
  const added = await untilStopped(
    io,
    () => ask('handOff.cancel', { handOffId }),
    async () => {
      for (let seen = 0; ;) {
        const { steps, isOver, result } = await ask('handOff.news', { handOffId, seen });
        for (const step of steps) show(step);
        seen += steps.length;
        if (isOver) return result;
      }
    },
  );
  if (!added) failQuietly();
  report(io, options, added, () => addedText(added));
}

function stepText(step: HandOffStepView): string {
  switch (step.type) {
    case 'checking':
      return 'Looking whether kiro-cli is signed in.\n';
    case 'already-signed-in': {
      const who = step.who.email ?? step.who.startUrl ?? step.who.accountType;
      return oneLine(
        `kiro-cli is signed in as ${who}. To sign in to another account with it, add --previous put-back (it gets that login ` +
          'back afterwards) or --previous keep-new (it stays with the new one).',
      );
    }
    case 'backed-up':
      return "kiro-cli's own login is backed up.\n";
    case 'signed-out':
      return 'kiro-cli is signed out for the moment.\n';
    case 'waiting':
      return promptText(step);
    case 'signed-in':
      return 'Signed in.\n';
    case 'put-back':
      return 'kiro-cli is again as it was.\n';
    case 'done':
      return '';
    case 'cancelled':
      return 'Cancelled; kiro-cli is as it was.\n';
    case 'failed':
      return oneLine(step.message) + oneLine(step.hint);
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
