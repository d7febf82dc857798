import { ClientError } from '../client-error.ts';

/** A config that is not valid, and where: line and column count from 1. */
export function broken(language: string, what: string, line: number, column: number): ClientError {
  return new ClientError(
    'config-broken',
    `It is no valid ${language}: ${what} at line ${line}, column ${column}.`,
    'Mend it there, then try again. The file was left as it is.',
  );
}

/** The same for an offset in the text. */
export function brokenAt(text: string, offset: number, language: string, what: string): ClientError {
  const before = text.slice(0, offset).split('\n');
  return broken(language, what, before.length, (before.at(-1)?.length ?? 0) + 1);
}
