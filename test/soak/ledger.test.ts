import { describe, expect, it } from 'vitest';
import { Ledger, type Ended } from './ledger.ts';
import { outcomeOf } from './outcome.ts';

const ended = (changes: Partial<Ended> = {}): Ended => ({
  kind: 'chat',
  path: '/v1/chat/completions',
  expected: 'served',
  outcome: 'broken_stream',
  startedAt: 1_000,
  endedAt: 2_000,
  ...changes,
});

/** A fault that met one call between 1.5 s and 5 s. */
function withFault(told: readonly string[], hits = 1): Ledger {
  const ledger = new Ledger();
  const fault = ledger.begin('badCrc', told, 1_500);
  fault.endedAt = 5_000;
  fault.hits = hits;
  return ledger;
}

describe('an error that a client got', () => {
  it('is explained by a fault of its time that tells it, once for each call that the fault met', () => {
    const ledger = withFault(['broken_stream']);
    ledger.add(ended());
    expect(ledger.unexplained()).toEqual([]);
    ledger.add(ended());
    expect(ledger.unexplained()).toHaveLength(1);
  });

  it.each<[string, Ledger, Partial<Ended>]>([
    ['nothing was done', new Ledger(), {}],
    ['the fault met no call', withFault(['broken_stream'], 0), {}],
    ['the fault tells something else', withFault(['refused_by_kiro']), {}],
    ['the fault came later', withFault(['broken_stream']), { startedAt: 0, endedAt: 1_000 }],
    ['the fault was over', withFault(['broken_stream']), { startedAt: 6_000, endedAt: 7_000 }],
    ['it says less than its API can', withFault(['broken_stream']), { outcome: 'server_error' }],
    ['nobody said anything', withFault(['broken_stream']), { outcome: 'cut' }],
    [
      'it is no error, where one was due',
      withFault(['broken_stream']),
      { expected: 'invalid_api_key', outcome: 'served' },
    ],
  ])('is not, when %s', (_, ledger, changes) => {
    ledger.add(ended(changes));
    expect(ledger.unexplained()).toHaveLength(1);
  });
});

describe('what a client got', () => {
  const asked = { method: 'POST', path: '/v1/messages', key: '' } as const;
  const answered = { status: 200, id: 'req_1', isWhole: true };

  it.each<[string, string, string]>([
    ['a stream with its end', 'event: message_start\ndata: {}\n\nevent: message_stop\ndata: {}\n\n', 'served'],
    ['a stream without one', 'event: message_start\ndata: {}\n\n', 'cut'],
    [
      'a stream that tells why it ends',
      'event: message_start\ndata: {}\n\nevent: error\ndata: {"type":"error","error":{"type":"api_error"}}\n\n',
      'api_error',
    ],
    ['an answer in one piece', '{"type":"message"}', 'served'],
  ])('is told from %s', (_, text, outcome) => {
    expect(outcomeOf(asked, { ...answered, text })).toBe(outcome);
  });

  it('is told from a body that broke off, a refusal, and no answer', () => {
    expect(outcomeOf(asked, { ...answered, isWhole: false, text: 'event: message_start\n' })).toBe('cut');
    expect(outcomeOf({ ...asked, leaves: true }, { ...answered, isWhole: false, text: 'event: ' })).toBe('left');
    // All of the answer may have come before it could leave.
    expect(outcomeOf({ ...asked, leaves: true }, { ...answered, text: 'event: message_start\n' })).toBe('left');
    expect(outcomeOf({ ...asked, dawdlesMs: 1 }, { ...answered, isWhole: false, text: '' })).toBe('broken_stream');
    expect(outcomeOf({ ...asked, dawdlesMs: 1 }, { ...answered, text: 'event: message_start\n' })).toBe('cut');
    expect(outcomeOf(asked, { ...answered, status: 502, text: '<html>' })).toBe('status 502');
    expect(outcomeOf(asked, { status: 0, id: undefined, text: '', isWhole: false })).toBe('no answer');
  });

  it('is the code of response.failed, which names the error within the response', () => {
    const failed = { type: 'response.failed', response: { status: 'failed', error: { code: 'server_error' } } };
    const text = `event: response.created\ndata: {"type":"response.created"}\n\nevent: response.failed\ndata: ${JSON.stringify(failed)}\n\n`;
    expect(outcomeOf({ ...asked, path: '/v1/responses' }, { ...answered, text })).toBe('server_error');
  });
});
