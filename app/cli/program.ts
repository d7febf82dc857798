import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { jsonLine } from '../conversation/plain-line.ts';
import { toCommandError } from '../control/control-contract.ts';
import { version } from '../version.ts';
import { addAccountCommands } from './accounts.ts';
import { addBackupCommands } from './backup.ts';
import { addClientCommands } from './clients.ts';
import { common } from './command.ts';
import { bugReport, doctor } from './doctor.ts';
import { oneLine } from './format.ts';
import type { Io } from './io.ts';
import { addKeyCommands } from './keys.ts';
import { serve, showLink } from './serve.ts';
import { addSettingsCommands } from './settings.ts';
import { addStrategyCommand } from './strategy.ts';
import { requests, usage } from './usage.ts';

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage (DESIGN §8)
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const asJson = args.includes('--json');
  const program = createProgram(io, asJson);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (asJson)
        reportJson(io, { code: 'usage', message: error.message.replace(/^error: /, ''), hint: 'See --help.' });
      return 2;
    }
    const { code, message, hint } = toCommandError(error);
    if (code === 'checks-failed') return 1;
    if (asJson) reportJson(io, { code, message, hint });
    else io.err(`${oneLine(message)}${hint === '' ? '' : oneLine(hint)}`);
    return 1;
  }
}

function createProgram(io: Io, asJson: boolean): Command {
  const program = new Command('kiro-pool')
    .description(
      'Keeps your own Kiro accounts in one encrypted pool and serves them to the coding tools on this machine\n' +
        'as one OpenAI-compatible endpoint. Not affiliated with AWS.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show what a command does')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: io.out,
      // With --json the error is one object, written by run().
      writeErr: (text) => (asJson ? undefined : io.err(text)),
    })
    .addHelpText(
      'after',
      '\nFirst steps:\n' +
        '  kiro-pool demo                            see it work, without an account\n' +
        '  kiro-pool accounts import --from kiro-cli take your kiro-cli login into the pool\n' +
        '  kiro-pool accounts login --kind google    or sign in anew; also github, builder-id, identity-center\n' +
        '  kiro-pool serve                           start the endpoint\n' +
        '  kiro-pool clients apply opencode          set up OpenCode; clients list shows the other tools\n',
    );
  common(program.command('serve'))
    .description('start the endpoint, until you stop it with Ctrl-C')
    .option('--host <address>', 'address to listen on (default: the setting host, 127.0.0.1)')
    .option('--port <number>', 'port; the next free one if it is taken (default: the setting port, 8788)', portNumber)
    .option('--allow-lan', 'allow an address that other machines can reach', false)
    .option('--ui', 'show the screens in a browser, too: prints a link that opens them once', false)
    .action((options) => serve(io, options));
  common(program.command('ui'))
    .description('print another link to the screens of the Kiro Pool that runs')
    .action((options) => showLink(io, options));
  addAccountCommands(program, io);
  common(program.command('usage'))
    .description('credits per account, and per day, model and key')
    .option('--days <number>', 'how many days back', wholeNumber, 30)
    .action((options) => usage(io, options));
  common(program.command('requests'))
    .description('the last requests')
    .option('--last <number>', 'how many', wholeNumber, 20)
    .option('--why', 'with the reason for each account that was chosen or not', false)
    .action((options) => requests(io, options));
  addKeyCommands(program, io);
  addStrategyCommand(program, io);
  addSettingsCommands(program, io);
  addClientCommands(program, io);
  addBackupCommands(program, io);
  common(program.command('doctor'))
    .description('check everything that has to work, and say what to do about what does not')
    .option('--fix <action>', 'do what a check proposed, and check again')
    .action((options) => doctor(io, options));
  common(program.command('report [file]'))
    .description('what a bug report says, without secrets and names; read it before you give it to anybody')
    .option('--force', 'replace the file if it is there', false)
    .action((file: string | undefined, options) => bugReport(io, file, options));
  common(program.command('demo'))
    .description('see it work with three made-up accounts: no account, no internet')
    .option('--port <number>', 'port; the next free one if it is taken', portNumber, 8788)
    .action(async (options) => {
      // The stand-in for Kiro is fifty files that no other command needs.
      const { demo } = await import('./demo.ts');
      await demo(io, options);
    });
  return program;
}

function reportJson(io: Io, error: { code: string; message: string; hint: string }): void {
  io.err(jsonLine({ error }));
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It must be a whole number from 0 (any free one) to 65535.');
  }
  return port;
}
