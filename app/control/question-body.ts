import type { IncomingMessage } from 'node:http';
import { CommandError } from './control-contract.ts';

/** Reads the input of a question; `{}` when there is none. @throws CommandError `wrong-input` */
export async function readQuestion(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    // Read to its end all the same, so that the answer arrives.
    if (bytes <= longestBody) pieces.push(piece);
  }
  if (bytes > longestBody) throw new CommandError('wrong-input', 'The question is too long.', 'See --help.');
  const text = Buffer.concat(pieces).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError('wrong-input', 'The question is not JSON.', 'See --help.', { cause });
  }
}

/** No question of the contract comes near this. */
const longestBody = 1024 * 1024;
