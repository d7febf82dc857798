import { describe, expect, it } from 'vitest';
import type { TurnErrorCode } from '../../app/conversation/turn-error.ts';
import type { AccountState } from '../../app/pool/account-state.ts';
import { faults, type Fault } from '../emulator/emulator.ts';
import { ask, conversation, noon, startRig, textOf, type Rig } from '../support/engine.ts';

type StateName = AccountState['name'];

interface Row {
  readonly fault: Fault;
  /** What becomes of the account that is refused. */
  readonly state: StateName;
  /** When it comes back, in ms from now. */
  readonly untilMs?: number;
  /** Sends to the refused account and to the other one; the other serves unless `error` is given. */
  readonly sends: readonly [number, number];
  readonly error?: TurnErrorCode;
  /** What the client gets when both accounts are refused in the same way, and for how long it should wait. */
  readonly bothRefused: TurnErrorCode;
  readonly retryAfterMs?: number;
}

const minute = 60_000;
const toDayEnd = 12 * 60 * minute;
const toMonthEnd = Date.UTC(2026, 11, 1) - noon;
const always = { on: 'generate', times: 'always' } as const;
const moved = (state: StateName, bothRefused: TurnErrorCode, more: Partial<Row> = {}): Omit<Row, 'fault'> => ({
  state,
  sends: [1, 1],
  bothRefused,
  ...more,
});
const clientsOwn = (error: TurnErrorCode): Omit<Row, 'fault'> => ({
  state: 'ready',
  sends: [1, 0],
  error,
  bothRefused: error,
});
/** Three on the first, one on the other (protocol §7.3). */
const retried = (bothRefused: TurnErrorCode): Omit<Row, 'fault'> => ({ state: 'ready', sends: [3, 1], bothRefused });

const { edgeBlock, monthlyQuota, overageQuota, rateLimit, throttledMonthly, throttledDaily } = faults;
const table: Record<string, Row> = {
  notAuthorized: { fault: faults.notAuthorized, ...moved('parked', 'no-account') },
  profileRequired: { fault: faults.profileRequired, ...moved('parked', 'no-account') },
  suspended: { fault: faults.suspended, ...clientsOwn('account-parked'), state: 'parked' },
  locked: { fault: faults.locked423, ...clientsOwn('account-parked'), state: 'parked' },
  featureNotSupported: { fault: faults.featureNotSupported, ...moved('ready', 'upstream-failed') },
  monthlyQuota: {
    fault: monthlyQuota,
    ...moved('exhausted', 'all-exhausted', { untilMs: toMonthEnd, retryAfterMs: toMonthEnd }),
  },
  overageQuota: {
    fault: overageQuota,
    ...moved('exhausted', 'all-exhausted', { untilMs: toMonthEnd, retryAfterMs: toMonthEnd }),
  },
  throttledMonthly: {
    fault: throttledMonthly,
    ...moved('exhausted', 'all-exhausted', { untilMs: toMonthEnd, retryAfterMs: toMonthEnd }),
  },
  throttledDaily: {
    fault: throttledDaily,
    ...moved('exhausted', 'all-exhausted', { untilMs: toDayEnd, retryAfterMs: toDayEnd }),
  },
  rateLimit: { fault: rateLimit, ...moved('cooling', 'all-cooling', { untilMs: minute, retryAfterMs: minute }) },
  throttledFirst: {
    fault: faults.throttledFirst,
    ...moved('cooling', 'all-cooling', { untilMs: minute, retryAfterMs: minute }),
  },
  // The edge knows this machine's address and no account, so no other one is tried.
  edgeBlock: {
    fault: edgeBlock,
    state: 'cooling',
    untilMs: 5 * minute,
    sends: [1, 0],
    error: 'all-cooling',
    bothRefused: 'all-cooling',
    retryAfterMs: 5 * minute,
  },
  highLoad: { fault: faults.highLoad, ...retried('upstream-failed') },
  internalError: { fault: faults.internalError, ...retried('upstream-failed') },
  internalErrorFirst: { fault: faults.internalErrorFirst, ...retried('upstream-failed') },
  unavailable: { fault: faults.unavailable, ...retried('upstream-failed') },
  badGateway: { fault: faults.badGateway, ...retried('upstream-failed') },
  resetBeforeAnswer: { fault: faults.resetBeforeAnswer, ...retried('upstream-unreachable') },
  emptyAnswer: { fault: faults.emptyAnswer, ...retried('empty-answer') },
  disguisedBadRequest: { fault: faults.disguisedBadRequest, ...clientsOwn('refused') },
  bodyInvalid: { fault: faults.bodyInvalid, ...clientsOwn('refused') },
  bodyInvalidNullReason: { fault: faults.bodyInvalidNullReason, ...clientsOwn('refused') },
  toolResultMismatch: { fault: faults.toolResultMismatch, ...clientsOwn('refused') },
  imageSize: { fault: faults.imageSize, ...clientsOwn('refused') },
  contextOverflow: { fault: faults.contextOverflow, ...clientsOwn('context-overflow') },
  promptTooLong: { fault: faults.promptTooLong, ...clientsOwn('context-overflow') },
  contextLimit413: { fault: faults.contextLimit413, ...clientsOwn('context-overflow') },
  validationFirst: { fault: faults.validationFirst, ...clientsOwn('context-overflow') },
  invalidModel: { fault: faults.invalidModel, ...moved('ready', 'model-not-found') },
  // Everybody's shortage in that region, and both accounts are in it.
  modelCapacity: {
    fault: faults.modelCapacity,
    ...clientsOwn('model-overloaded'),
    retryAfterMs: 5_000,
  },
  // A host that does not serve the call: the next hosts first, then one more account.
  unknownOperation: { fault: faults.unknownOperation, state: 'ready', sends: [3, 1], bothRefused: 'upstream-failed' },
  methodNotAllowed: { fault: faults.methodNotAllowed, state: 'ready', sends: [3, 1], bothRefused: 'upstream-failed' },
  credentialInvalid: { fault: faults.credentialInvalid, state: 'ready', sends: [3, 1], bothRefused: 'upstream-failed' },
};

const twoAccounts = [
  { kind: 'social', id: 'first' },
  { kind: 'social', id: 'second' },
] as const;

function sendsTo({ emulator }: Rig): number[] {
  return ['first', 'second'].map(
    (id) =>
      emulator.journal.filter((entry) => entry.account === id && entry.operation === 'GenerateAssistantResponse')
        .length,
  );
}

describe('every answer of protocol §7.3', () => {
  it.each(Object.entries(table))('%s from one of two accounts', async (_name, row) => {
    await using rig = await startRig();
    const [first, second] = await rig.add(...twoAccounts);
    if (!first || !second) throw new Error('no accounts');
    rig.emulator.inject({ ...always, account: 'first', fault: row.fault });
    const outcome = await ask(rig);
    const passedMs = rig.now - noon;
    expect(outcome.error?.code).toBe(row.error);
    expect(textOf(outcome)).toBe(row.error === undefined ? 'hello' : '');
    expect(outcome.error?.retryAfterMs).toBe(row.error === undefined ? undefined : row.retryAfterMs);
    expect(sendsTo(rig)).toEqual(row.sends);
    expect(outcome.trace.sends).toBe(row.sends[0] + row.sends[1]);
    const { state } = rig.summaryOf(first);
    expect(state.name).toBe(row.state);
    expect(state.until).toBe(row.untilMs === undefined ? null : noon + passedMs + row.untilMs);
    expect(state.reason ?? 'It is ready.').toMatch(/[a-z]{3}.*\./);
    expect(rig.summaryOf(second).state.name).toBe(row.fault === edgeBlock ? 'cooling' : 'ready');
    expect(outcome.trace.considered).toHaveLength(2);
  });

  it.each(Object.entries(table))('%s from all accounts', async (_name, row) => {
    await using rig = await startRig();
    await rig.add(...twoAccounts);
    rig.emulator.inject({ ...always, fault: row.fault });
    const { error, trace } = await ask(rig);
    expect(error?.code).toBe(row.bothRefused);
    expect(error?.retryAfterMs).toBe(row.retryAfterMs);
    expect(error?.message).toMatch(/[a-z]{3}.*\.|".*clear/);
    expect(trace.sends).toBeLessThanOrEqual(4);
    expect(sendsTo(rig).reduce((sum, sends) => sum + sends, 0)).toBe(trace.sends);
  });

  it('a warning stays with the account over a restart, and is never looked past by asking again', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    if (!first) throw new Error('no account');
    rig.emulator.inject({ ...always, account: 'first', fault: faults.suspended });
    await ask(rig);
    await rig.restart();
    rig.emulator.clear();
    expect(rig.summaryOf(first).state).toMatchObject({ name: 'parked', reason: expect.stringContaining('unusual') });
    expect((await ask(rig)).trace.account?.label).toBe('second@example.com');
    expect(sendsTo(rig)[0]).toBe(0);
    await rig.engine.handlers.models({});
    expect(rig.emulator.journal.filter(({ account }) => account === 'first')).toEqual([]);
    await rig.engine.handlers['accounts.clear']({ id: rig.summaryOf(first).id });
    expect(rig.summaryOf(first).state.name).toBe('ready');
  });
});

describe('tokens', () => {
  it('that ended early are renewed once, and the request is served by the same account', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    await ask(rig);
    first?.expireAccessTokens();
    const outcome = await ask(rig);
    expect(textOf(outcome)).toBe('hello');
    expect(outcome.trace).toMatchObject({ sends: 2, account: { label: 'first@example.com' } });
    expect(rig.emulator.statistics().accounts['first']?.refreshes).toBe(2);
  });

  it('that are refused although they were renewed need a sign-in, and the request moves', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    if (!first) throw new Error('no account');
    rig.emulator.inject({ ...always, account: 'first', fault: faults.invalidBearer });
    const outcome = await ask(rig);
    expect(textOf(outcome)).toBe('hello');
    expect(sendsTo(rig)).toEqual([2, 1]);
    expect(rig.summaryOf(first).state.name).toBe('needs-sign-in');
  });

  it('that were renewed, and of which Kiro refused a request alone, are renewed again when they end early, too', async () => {
    await using rig = await startRig();
    const [first] = await rig.add({ kind: 'social', id: 'first' });
    if (!first) throw new Error('no account');
    rig.emulator.inject({ on: 'generate', fault: faults.invalidBearer });
    rig.emulator.inject({ on: 'generate', fault: faults.bodyInvalid });
    expect((await ask(rig)).error?.code).toBe('refused');
    first.expireAccessTokens();
    expect(textOf(await ask(rig))).toBe('hello');
    expect(rig.summaryOf(first).state.name).toBe('ready');
  });

  it('that cannot be renewed now cost the account nothing, and the request moves', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    if (!first) throw new Error('no account');
    first.expireAccessTokens();
    rig.emulator.inject({ on: 'refresh', account: 'first', times: 'always', fault: faults.refreshServerError });
    expect((await ask(rig)).trace.account?.label).toBe('second@example.com');
    expect(rig.summaryOf(first).state.name).toBe('ready');
  });

  it('of the only account that cannot be renewed now say that it is the network, and not that there is no account', async () => {
    await using rig = await startRig();
    const [first] = await rig.add({ kind: 'social', id: 'first' });
    first?.expireAccessTokens();
    rig.emulator.inject({ on: 'refresh', times: 'always', fault: faults.refreshServerError });
    expect((await ask(rig)).error).toMatchObject({ code: 'upstream-unreachable' });
  });

  it('that were refused are not sent again, not after a restart and not when the user asks', async () => {
    await using rig = await startRig();
    const [first] = await rig.add({ kind: 'social', id: 'first' });
    if (!first) throw new Error('no account');
    first.revoke();
    expect((await ask(rig)).error?.code).toBe('no-account');
    const { id, state } = rig.summaryOf(first);
    expect(state.name).toBe('needs-sign-in');
    await rig.restart();
    rig.emulator.clear();
    await expect(rig.engine.handlers['accounts.refresh']({ id })).rejects.toThrow(/not sent again|did not/);
    expect(rig.emulator.journal.filter(({ operation }) => operation === 'SocialRefresh')).toEqual([]);
  });
});

describe('one request', () => {
  it.each([
    { kind: 'reset', afterEvents: 12 },
    { kind: 'truncate', afterEvents: 12, midFrame: true },
    { kind: 'bad-crc', atEvent: 12 },
    { kind: 'exception-frame', exception: 'InternalServerException', body: { message: 'no' }, afterEvents: 12 },
    { kind: 'exception-frame', exception: 'ThrottlingException', body: { message: 'slow' }, afterEvents: 12 },
  ] satisfies Fault[])('is not replayed after its first part has come: %o', async (fault) => {
    await using rig = await startRig({ chunking: 'frames', eventDelayMs: 2 });
    await rig.add(...twoAccounts);
    rig.emulator.script([{ text: Array.from({ length: 20 }, (_, index) => `word${index} `) }]);
    rig.emulator.inject({ on: 'generate', fault });
    const outcome = await ask(rig);
    expect(outcome.error?.code).toBe('broken-stream');
    expect(textOf(outcome)).toMatch(/^word0 /);
    expect(sendsTo(rig)).toEqual([1, 0]);
  });

  it('goes on under a new conversation id, once, when the old one is too long for Kiro', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    if (!first) throw new Error('no account');
    rig.emulator.inject({ on: 'generate', account: 'first', fault: faults.conversationLimit });
    expect(textOf(await ask(rig))).toBe('hello');
    const ids = rig.emulator.journal.flatMap(
      ({ body }) => /"conversationId":"([^"]+)"/.exec(JSON.stringify(body ?? ''))?.[1] ?? [],
    );
    expect(new Set(ids).size).toBe(2);
    rig.emulator.inject({ ...always, fault: faults.conversationLimit });
    const again = await ask(rig);
    expect(again).toMatchObject({ error: { code: 'refused' }, trace: { sends: 2 } });
    expect(rig.summaryOf(first).state.name).toBe('ready');
  });

  it('moves to an account of another region while its model is overloaded in the first', async () => {
    await using rig = await startRig();
    const [first, second] = await rig.add(
      { kind: 'social', id: 'first' },
      { kind: 'identity-center', id: 'second', apiRegion: 'eu-central-1' },
    );
    if (!first || !second) throw new Error('no account');
    rig.emulator.inject({ ...always, account: 'first', fault: faults.modelCapacity });
    const outcome = await ask(rig);
    expect(outcome.trace.account?.label).toBe('second@example.com');
    expect(rig.summaryOf(first).state.name).toBe('ready');
    await ask(rig);
    expect(sendsTo(rig)).toEqual([1, 2]);
  });

  it('for another model goes to the account whose model is overloaded', async () => {
    await using rig = await startRig();
    await rig.add({ kind: 'social', id: 'first' });
    rig.emulator.inject({ ...always, model: 'claude-sonnet-5', fault: faults.modelCapacity });
    expect((await ask(rig)).error).toMatchObject({ code: 'model-overloaded', retryAfterMs: 5_000 });
    expect((await ask(rig)).error).toMatchObject({ code: 'model-overloaded', retryAfterMs: 5_000 });
    expect(sendsTo(rig)).toEqual([1, 0]);
    expect(textOf(await ask(rig, conversation({ model: 'claude-haiku-4.5' })))).toBe('hello');
    rig.now += 5_000;
    expect((await ask(rig)).error?.retryAfterMs).toBe(10_000);
  });

  it('says to wait for the account that has the model, and not that there is no such model', async () => {
    await using rig = await startRig();
    const [first] = await rig.add({ kind: 'social', id: 'first' }, { kind: 'social', id: 'second', plan: 'free' });
    rig.emulator.inject({ ...always, account: 'first', fault: faults.rateLimit });
    const wanted = conversation({ model: 'claude-opus-4.6' });
    expect(first?.plan).toBe('pro');
    expect((await ask(rig, wanted)).error).toMatchObject({ code: 'all-cooling', retryAfterMs: minute });
    expect((await ask(rig, wanted)).error).toMatchObject({ code: 'all-cooling' });
    expect(sendsTo(rig)).toEqual([1, 0]);
  });

  it('looks once for another profile when it is refused for that, and is served with it', async () => {
    await using rig = await startRig();
    const [account] = await rig.add({ kind: 'identity-center', id: 'first' });
    if (!account?.profileArn) throw new Error('no profile');
    const { accounts, pool } = rig.engine.parts;
    const { id } = rig.summaryOf(account);
    const stale = account.profileArn.replace(/[A-Z0-9]+$/, 'OLDPROFILE12');
    await accounts.update(id, (known) =>
      known.credential.kind === 'api-key'
        ? known
        : { ...known, credential: { ...known.credential, profileArn: stale } },
    );
    pool.link.forget(id);
    expect(textOf(await ask(rig))).toBe('hello');
    expect(rig.summaryOf(account).state.name).toBe('ready');
  });

  it('that an account is removed under goes on with another one, or says that there is none', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    if (!first) throw new Error('no account');
    const { id } = rig.summaryOf(first);
    rig.emulator.inject({ on: 'generate', account: 'first', fault: { kind: 'stall', ms: 30 } });
    rig.emulator.inject({ on: 'generate', account: 'first', fault: faults.highLoad });
    rig.emulator.inject({ ...always, account: 'first', fault: faults.highLoad });
    const asked = ask(rig);
    await rig.engine.handlers['accounts.remove']({ id });
    const outcome = await asked;
    expect(outcome.error).toBeUndefined();
    expect(textOf(outcome)).toBe('hello');
  });

  it('of a client that left ends at once and costs no account anything', async () => {
    await using rig = await startRig();
    const [first] = await rig.add(...twoAccounts);
    if (!first) throw new Error('no account');
    rig.emulator.inject({ ...always, fault: faults.stallBeforeAnswer });
    const leave = new AbortController();
    const asked = ask(rig, conversation(), leave.signal);
    setTimeout(() => leave.abort(new Error('left')), 20);
    await expect(asked).rejects.toThrow('left');
    expect(rig.summaryOf(first).state.name).toBe('ready');
    expect(sendsTo(rig)[1]).toBe(0);
  });

  it('is one strike with all that were refused beside it', async () => {
    await using rig = await startRig();
    const [first] = await rig.add({ kind: 'social', id: 'first' });
    if (!first) throw new Error('no account');
    rig.emulator.inject({ ...always, fault: faults.rateLimit });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask(rig)));
    expect(new Set(outcomes.map(({ error }) => error?.code))).toEqual(new Set(['all-cooling']));
    expect(rig.summaryOf(first).state.until).toBe(noon + minute);
  });

  it('costs four sends at most, although more accounts could try', async () => {
    await using rig = await startRig();
    await rig.add(...Array.from({ length: 6 }, (_, index) => ({ kind: 'social', id: `account-${index}` }) as const));
    rig.emulator.inject({ ...always, fault: faults.rateLimit });
    const { error, trace } = await ask(rig);
    expect(trace.sends).toBe(4);
    expect(error).toMatchObject({ code: 'upstream-failed', message: expect.stringContaining('4 times') });
    expect((await ask(rig)).error).toMatchObject({ code: 'all-cooling' });
  });
});
