import { TurnError } from '../conversation/turn-error.ts';
import type { KiroError } from '../kiro/kiro-error.ts';
import type { Account } from './account.ts';
import { stateAt } from './account-state.ts';
import type { ConsideredAccount } from './choice.ts';
import { asSentence } from './sentence.ts';

/**
 * An error of Kiro for the client (protocol §7.4).
 * @param more.empty why no other account can take over, if that was tried
 * @param more.size of the request and of what its model takes, where both are known
 */
export function explain(
  error: KiroError,
  { empty, size }: { readonly empty?: TurnError; readonly size?: TurnError['size'] } = {},
): TurnError {
  switch (error.class) {
    case 'context-overflow':
      return new TurnError(
        'context-overflow',
        // LangChain knows an overflow by the words "maximum context length", not by its code.
        `This conversation is longer than the model's maximum context length: ${asSentence(error.message)}`,
        {
          param: 'messages',
          size,
          cause: error,
        },
      );
    case 'model-unavailable':
      return new TurnError('model-not-found', 'None of your accounts may use this model. See /v1/models.', {
        param: 'model',
        cause: error,
      });
    case 'bad-request':
    case 'reasoning-signature':
    case 'conversation-limit':
      return new TurnError('refused', `Kiro refused the request: ${asSentence(error.message)}`, { cause: error });
    case 'network':
      return new TurnError(
        'upstream-unreachable',
        `Kiro cannot be reached: ${asSentence(error.message)} Check the network, then try again.`,
        { cause: error },
      );
    case 'empty-answer':
      return new TurnError('empty-answer', 'Kiro answered without any content, several times. Try again.', {
        cause: error,
      });
    case 'transient':
    case 'broken-stream':
    case 'feature-not-supported':
    case 'wrong-host':
      return new TurnError('upstream-failed', `Kiro failed: ${asSentence(error.message)} Try again.`, { cause: error });
    case 'edge-blocked':
    case 'token-invalid':
    case 'not-authorized':
    case 'profile-required':
    case 'suspended':
    case 'quota-monthly':
    case 'quota-daily':
    case 'quota-overage':
    case 'rate-limited':
    case 'model-overloaded':
      return empty ?? new TurnError('upstream-failed', `Kiro refused: ${asSentence(error.message)}`, { cause: error });
  }
}

/** After the first output only the break itself can be told, but a full context window still helps a client to compact. */
export function explainBroken(error: KiroError): TurnError {
  if (error.class === 'context-overflow') return explain(error);
  return new TurnError('broken-stream', `Kiro's answer broke off: ${asSentence(error.message)} Try again.`, {
    cause: error,
  });
}

/** Every send that one request may cost was refused, though another account could still try: the client may come back. */
export function explainSpent(error: KiroError, sends: number): TurnError {
  return explain(error, {
    empty: new TurnError(
      'upstream-failed',
      `Kiro refused this request ${sends} times, which is the most that one request may cost. The last time: ` +
        `${asSentence(error.message)} Try again.`,
      { retryAfterMs: 1000, cause: error },
    ),
  });
}

/** Kiro warned an account: the request ends here, whatever the others could do (DESIGN promise 2). */
export function explainParked(label: string, error: KiroError): TurnError {
  return new TurnError(
    'account-parked',
    `Kiro locked the account "${label}": ${asSentence(error.message)} It is parked, and this request was not moved to another ` +
      `account. Sort it out with Kiro, then: kiro-pool accounts clear "${label}"`,
    { cause: error },
  );
}

/** What is known when no account can serve a request. */
export interface EmptyPool {
  readonly accounts: readonly Account[];
  readonly considered: readonly ConsideredAccount[];
  readonly model: string;
  /** For how many ms the model is to be left alone where it would be free first; undefined when that is no obstacle. */
  readonly overloadedMs: number | undefined;
  readonly now: number;
}

/** Why nothing can serve: the earliest account that comes back, or what the user has to do. */
export function explainEmpty({ accounts, considered, model, overloadedMs, now }: EmptyPool): TurnError {
  if (accounts.length === 0) {
    return new TurnError('no-account', 'There is no account in the pool yet. Add one: kiro-pool accounts import');
  }
  if (overloadedMs !== undefined) {
    return new TurnError('model-overloaded', `Kiro has too little capacity for ${model} now. Try again shortly.`, {
      retryAfterMs: overloadedMs,
    });
  }
  const states = accounts.map((account) => ({ account, state: stateAt(account.state, now) }));
  const waiting = states.flatMap(({ account, state }) => ('until' in state ? [{ account, state }] : []));
  const earliest = waiting.toSorted((a, b) => a.state.until - b.state.until)[0];
  if (!earliest) {
    const why = considered.map(({ label, reason }) => `"${label}" ${reason}`);
    return new TurnError('no-account', `No account can serve: ${asSentence(why.join('; '))}`);
  }
  const at = new Date(earliest.state.until).toISOString();
  const isSpent = waiting.every(({ state }) => state.name === 'exhausted');
  return new TurnError(
    isSpent ? 'all-exhausted' : 'all-cooling',
    `${isSpent ? 'The credits of all accounts that can serve are used up' : 'All accounts are cooling down or used up'}; ` +
      `the first to come back is "${earliest.account.label}" at ${at}. ${earliest.state.reason}`,
    { retryAfterMs: earliest.state.until - now },
  );
}
