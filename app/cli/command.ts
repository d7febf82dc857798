import type { Command } from 'commander';
import { CommandError } from '../control/control-contract.ts';
import { jsonLine } from '../conversation/plain-line.ts';
import type { CommonOptions, Io } from './io.ts';

/**
 * Adds the options that every command takes, and makes the command fail instead of ending the process.
 * @param folder what the data folder is to it
 */
export function common(
  command: Command,
  folder = "folder that holds the pool (default: the platform's own, or KIRO_POOL_DATA_DIR)",
): Command {
  return command
    .exitOverride()
    .option('--data-dir <folder>', folder)
    .option('--json', 'print JSON, for scripts', false);
}

/** Takes the options of every command in front of its name, too: `kiro-pool --json accounts list`. */
export function takeOptionsFromAbove(program: Command): void {
  program.hook('preAction', (_, command) => {
    for (let above = command.parent; above; above = above.parent) {
      for (const name of ['dataDir', 'json']) {
        if (isTyped(above, name) && !isTyped(command, name)) {
          command.setOptionValueWithSource(name, above.getOptionValue(name), 'cli');
        }
      }
    }
  });
}

/** A word with nothing in it is a variable that the shell did not know, and means nothing to any command. */
export function refuseEmptyWords(program: Command): void {
  program.hook('preAction', (_, command) => {
    const option = command.options.find((each) => command.getOptionValue(each.attributeName()) === '');
    if (option) command.error(`error: option '${option.flags}' must not be empty`);
    const index = command.args.indexOf('');
    const name = command.registeredArguments[index]?.name();
    if (name !== undefined) command.error(`error: argument '${name}' must not be empty`);
  });
}

function isTyped(command: Command, option: string): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** Prints a result for a script or for a person. */
export function report(io: Io, options: CommonOptions, result: unknown, text: () => string): void {
  io.out(options.json === true ? jsonLine(result) : text());
}

/** Ends a command that has printed what failed with exit code 1. */
export function failQuietly(): never {
  throw new CommandError('checks-failed', 'Some checks failed.', '');
}
