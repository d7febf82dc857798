import { Command, CommanderError } from 'commander';
import { jsonLine } from '../conversation/plain-line.ts';
import { toCommandError } from '../control/control-contract.ts';
import { version } from '../version.ts';
import { addAccountCommands } from './accounts.ts';
import { addBackupCommands } from './backup.ts';
import { addClientCommands } from './clients.ts';
import { common, refuseEmptyWords, takeOptionsFromAbove } from './command.ts';
import { bugReport, doctor } from './doctor.ts';
import { oneLine } from './format.ts';
import { firstSteps, fitHelp, shortHelp, showHelp } from './help.ts';
import type { Io } from './io.ts';
import { addKeyCommands } from './keys.ts';
import { portNumber, wholeNumber } from './numbers.ts';
import { serve, showLink } from './serve.ts';
import { addSettingsCommands } from './settings.ts';
import { addStrategyCommand } from './strategy.ts';
import { requests, usage } from './usage.ts';

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage (DESIGN §8)
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  if (args.length === 0) {
    io.err(shortHelp());
    return 2;
  }
  const asJson = args.includes('--json');
  const program = createProgram(io, asJson);
  try {
    if (args[0] === 'help') showHelp(program, args.slice(1));
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (asJson) reportJson(io, { code: 'usage', message: usageMessage(error), hint: 'See --help.' });
      return 2;
    }
    const { code, message, hint } = toCommandError(error);
    if (code === 'checks-failed') return 1;
    if (asJson) reportJson(io, { code, message, hint });
    else io.err(`${oneLine(message)}${hint === '' ? '' : oneLine(hint)}`);
    return wrongUsage.has(code) ? 2 : 1;
  }
}

/** Failures by what was typed, which only the engine can tell. */
const wrongUsage: ReadonlySet<string> = new Set([
  'wrong-input',
  'bad-key-name',
  'bad-profile',
  'bad-region',
  'bad-setting',
  'bad-start-url',
  'unknown-setting',
]);

function usageMessage({ code, message }: CommanderError): string {
  // Without a command its help is shown, which is no message.
  return code === 'commander.help' ? 'A command is missing.' : message.replace(/^error: /, '');
}

function createProgram(io: Io, asJson: boolean): Command {
  const program = common(new Command('kiro-pool'))
    .description(
      'Keeps your own Kiro accounts in one encrypted pool and serves them to the coding tools on this machine as one ' +
        'OpenAI-compatible endpoint. Not affiliated with AWS.',
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show what a command does')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError('See --help.')
    .configureOutput({
      writeOut: io.out,
      // With --json the error is one object, written by run().
      writeErr: (text) => (asJson ? undefined : io.err(text)),
    })
    .addHelpText('after', `\n${firstSteps}`);
  fitHelp(program, io);
  takeOptionsFromAbove(program);
  refuseEmptyWords(program);
  common(program.command('serve'))
    .summary('start the endpoint')
    .description('start the endpoint, until you stop it with Ctrl-C')
    .option('--host <address>', 'address to listen on (default: the setting host, 127.0.0.1)')
    .option('--port <number>', 'port; the next free one if it is taken (default: the setting port, 8788)', portNumber)
    .option('--allow-lan', 'allow an address that other machines can reach', false)
    .option('--ui', 'show the screens in a browser, too: prints a link that opens them once', false)
    .action((options) => serve(io, options));
  common(program.command('ui'))
    .summary('print a link to the screens')
    .description('print another link to the screens of the Kiro Pool that runs')
    .action((options) => showLink(io, options));
  addAccountCommands(program, io);
  common(program.command('usage'))
    .description('credits per account, and per day, model and key')
    .option('--days <number>', 'how many days back', wholeNumber, 30)
    .action((options) => usage(io, options));
  common(program.command('requests'))
    .summary('the last requests')
    .description('the last requests, the newest first, with who served them and what they cost')
    .option('--last <number>', 'how many', wholeNumber, 20)
    .option('--why', 'with the reason for each account that was chosen or not', false)
    .action((options) => requests(io, options));
  addKeyCommands(program, io);
  addStrategyCommand(program, io);
  addSettingsCommands(program, io);
  addClientCommands(program, io);
  addBackupCommands(program, io);
  common(program.command('doctor'))
    .summary('check what has to work')
    .description('check everything that has to work, and say what to do about what does not')
    .option('--fix <action>', 'do what a check proposed, and check again')
    .action((options) => doctor(io, options));
  common(program.command('report [file]'))
    .summary('what a bug report says')
    .description('what a bug report says, without secrets and names; read it before you give it to anybody')
    .option('--force', 'replace the file if it is there', false)
    .action((file: string | undefined, options) => bugReport(io, file, options));
  common(program.command('demo'), 'folder of the demo (default: one for as long as it runs)')
    .summary('see it work with made-up accounts')
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
