import { Help, type Command, type Option } from 'commander';
import { version } from '../version.ts';
import type { Io } from './io.ts';

/** What somebody reads who runs the command for the first time, without a word behind it. */
export function shortHelp(): string {
  return (
    `Kiro Pool ${version}: your own Kiro accounts in one pool, for the coding tools on\nthis machine.\n\n` +
    `${firstSteps}\nAll commands, and more on each of them: kiro-pool --help\n`
  );
}

/** Fits into 80 columns, as the text of the help does. */
export const firstSteps =
  'First steps:\n' +
  '  kiro-pool demo                             see it work, without an account\n' +
  '  kiro-pool accounts import --from kiro-cli  take in your login of kiro-cli,\n' +
  '  kiro-pool accounts login --kind google     or sign in; --help has the kinds\n' +
  '  kiro-pool serve                            start the endpoint\n' +
  '  kiro-pool clients apply opencode           set up a tool; clients list has all\n' +
  '  kiro-pool doctor                           what does not work, and what to do\n';

/** Has the help of a command and of all below it fill the lines of the terminal. */
export function fitHelp(program: Command, io: Io): void {
  program
    .configureOutput({ getOutHelpWidth: () => io.columns ?? 80, getErrHelpWidth: () => io.columns ?? 80 })
    .configureHelp({ optionDescription, subcommandTerm, visibleOptions })
    .helpCommand('help [command]', 'show what a command does');
}

/**
 * Shows the help of the command that the words name. Commander's own takes one word, where `help accounts import` has two.
 * @throws CommanderError always, as commander does once it has shown something
 */
export function showHelp(program: Command, words: readonly string[]): never {
  let command = program;
  for (const word of words.filter((each) => !each.startsWith('-'))) {
    const below = command.createHelp().visibleCommands(command);
    const named = below.find((each) => each.name() === word);
    command = named ?? command.error(`error: unknown command '${word}'`);
  }
  return command.help();
}

/** That a switch is off as long as nobody names it goes without saying. */
function optionDescription(this: Help, option: Option): string {
  return option.isBoolean() ? option.description : Help.prototype.optionDescription.call(this, option);
}

/** What is a command's own comes first. */
function visibleOptions(this: Help, command: Command): Option[] {
  const rank = ({ long }: Option): number =>
    long === '--help' ? 2 : long === '--data-dir' || long === '--json' ? 1 : 0;
  return Help.prototype.visibleOptions.call(this, command).toSorted((a, b) => rank(a) - rank(b));
}

/** Every command has options, which its own help names. */
function subcommandTerm(this: Help, command: Command): string {
  return Help.prototype.subcommandTerm.call(this, command).replace(' [options]', '');
}
