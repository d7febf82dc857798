import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { CommandError } from '../control/control-contract.ts';

/** Where a secret is read from, and where its question is shown. */
interface Source {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}

/** Longer than any key or passphrase. */
const mostCharacters = 64 * 1024;

/**
 * Reads one secret line: at a terminal after a question and without echo, else the first line of the input. Never from the
 * arguments of a command, which other programs of the machine can read.
 * @throws CommandError `cancelled` on Ctrl-C or Ctrl-D, `no-input` when there is no line
 */
export async function readSecretLine(question: string, { input, output }: Source): Promise<string> {
  const line = input.isTTY === true ? await ask(question, input, output) : await firstLine(input);
  if (line !== '') return line;
  throw new CommandError('no-input', 'Nothing was typed or piped in.', 'Type it at the terminal, or pipe it in.');
}

async function ask(question: string, input: Readable, output: Writable): Promise<string> {
  // Readline writes the echo itself; it has nowhere to write to.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const leaving = new AbortController();
  terminal.once('SIGINT', () => leaving.abort());
  terminal.once('close', () => leaving.abort());
  try {
    output.write(question);
    return await terminal.question('', { signal: leaving.signal });
  } catch (cause) {
    throw new CommandError('cancelled', 'Cancelled.', 'Nothing was done.', { cause });
  } finally {
    terminal.close();
    output.write('\n');
  }
}

async function firstLine(input: Readable): Promise<string> {
  let text = '';
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('\n') || text.length > mostCharacters) break;
  }
  return (text.split('\n', 1)[0] ?? '').replace(/\r$/, '');
}
