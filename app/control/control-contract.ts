import * as v from 'valibot';
import { contract, restoreResult, type Output } from '../contract.ts';

const namedKey = v.object({ name: v.string(), key: v.string() });

const passphrase = v.string();

/**
 * What the user's own commands may ask of the process that owns the data folder: everything that a screen may, and what has
 * a secret in it: the local API keys, Kiro's API keys on their way in, backups, and links to the screens.
 */
export const controlContract = {
  ...contract,
  'keys.show': { input: v.object({ name: v.string() }), output: namedKey },
  'accounts.addKey': { input: v.object({ key: v.string() }), output: contract['login.wait'].output },
  'backup.create': {
    input: v.object({ passphrase }),
    output: v.object({
      /** The file's content, sealed. */
      text: v.string(),
      accounts: v.number(),
      keys: v.number(),
      /** What could not be opened and is not in it. */
      left: v.array(v.string()),
    }),
  },
  'backup.restore': {
    input: v.object({ text: v.string(), passphrase }),
    output: restoreResult,
  },
  /** A link that opens the screens in a browser, once. */
  'ui.link': { input: v.object({}), output: v.object({ url: v.string() }) },
  'keys.create': { input: v.object({ name: v.string() }), output: namedKey },
} as const;

export type ControlContract = typeof controlContract;
export type Question = keyof ControlContract;

/** How an answer crosses the socket: an error as a value, so that its code and hint arrive too. */
export const replySchema = v.variant('ok', [
  v.object({ ok: v.literal(true), result: v.unknown() }),
  v.object({ ok: v.literal(false), error: v.object({ code: v.string(), message: v.string(), hint: v.string() }) }),
]);

/** A failure for people: what went wrong, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Any error as one for people. Errors of our own rooms say it themselves; anything else is a bug of ours. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof Error && 'code' in error && 'hint' in error) {
    const { code, hint } = error;
    if (typeof code === 'string' && typeof hint === 'string') {
      return new CommandError(code, error.message, hint, { cause: error });
    }
  }
  if (error instanceof Error && 'class' in error && typeof error.class === 'string') {
    const isUnreached = error.class === 'network';
    return new CommandError(
      error.class,
      `Kiro ${isUnreached ? 'cannot be reached' : 'answered'}: ${error.message}`,
      isUnreached ? 'Check the network and the proxy setting.' : 'See what kiro-pool doctor says.',
      { cause: error },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CommandError(
    'internal',
    `Kiro Pool failed: ${message}`,
    'This is a bug; KIRO_POOL_LOG=debug tells more.',
    {
      cause: error,
    },
  );
}

/** What a question answers, checked: the process that answered may be of another version. @throws CommandError */
export function checkedAnswer<Q extends Question>(question: Q, result: unknown): Output<ControlContract, Q> {
  const schema: ControlContract[Q]['output'] = controlContract[question].output;
  const answer = v.safeParse(schema, result);
  if (!answer.success) throw notUnderstood();
  return answer.output;
}

export function notUnderstood(): CommandError {
  return new CommandError(
    'other-version',
    'The answer of the running Kiro Pool was not understood.',
    'It may be of another version: restart it.',
  );
}
