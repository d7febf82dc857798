import { describe, expect, it } from 'vitest';
import { emptyDraft, isComplete, mistakesOf, targetOf } from '../../renderer/wizard/draft.ts';
import { progressOf } from '../../renderer/wizard/progress.ts';
import { beginning, next, type Added, type Wizard, type WizardEvent } from '../../renderer/wizard/wizard-state.ts';

const error = { code: 'rejected', message: 'It was declined.', hint: 'Start it again.' };
const prompt = { userCode: 'ABCD-EFGH', url: 'https://example.com/device', expiresAt: 1000 };
const added: Added = { id: 'acc_1', label: 'me', kind: 'social', result: 'added', reason: 'Signed in.' };
const source = {
  from: 'kiro-cli',
  path: '/store',
  row: 'kirocli:social:token',
  kind: 'social',
  region: null,
  account: null,
  problem: null,
} as const;

function after(...events: readonly WizardEvent[]): Wizard {
  return events.reduce(next, beginning);
}

const toAhead: readonly WizardEvent[] = [
  { type: 'changed', change: { kind: 'github' } },
  { type: 'forward' },
  { type: 'forward' },
];
const toCode: readonly WizardEvent[] = [...toAhead, { type: 'began', work: 'starting' }, { type: 'prompted', prompt }];
const toHandOff: readonly WizardEvent[] = [
  { type: 'changed', change: { way: 'hand-off' } },
  ...toAhead,
  { type: 'began', work: 'starting' },
  { type: 'handed-off' },
];

describe('the way through', () => {
  it('names the account kind, then what will happen, before anything begins', () => {
    expect(after({ type: 'forward' }).step).toEqual({ at: 'kind' });
    expect(after(...toAhead).step).toEqual({ at: 'ahead' });
  });

  it.each([
    ['sync', 'sources'],
    ['hand-off', 'kind'],
    ['api-key', 'key'],
    ['backup', 'backup'],
  ] as const)('begins %s at %s, from a link as from the list', (way, at) => {
    expect(after({ type: 'entered', way }).step).toEqual({ at });
    expect(after({ type: 'changed', change: { way } }, { type: 'forward' }).step).toEqual({ at });
  });

  it('goes back step by step, and keeps what was chosen', () => {
    const back = after(...toAhead, { type: 'back' }, { type: 'back' });
    expect(back).toMatchObject({ step: { at: 'way' }, draft: { kind: 'github' } });
    expect(next(back, { type: 'back' })).toBe(back);
  });

  it('takes no login before one was chosen', () => {
    const sources = after({ type: 'entered', way: 'sync' });
    expect(next(sources, { type: 'forward' }).step).toEqual({ at: 'sources' });
    expect(
      after({ type: 'entered', way: 'sync' }, { type: 'changed', change: { source } }, { type: 'forward' }),
    ).toMatchObject({ step: { at: 'ahead' } });
  });

  it('counts its steps from where the way was chosen', () => {
    expect(progressOf(beginning)).toBeUndefined();
    expect(progressOf(after(...toCode))).toEqual({ step: 4, of: 5 });
    expect(progressOf(after({ type: 'entered', way: 'api-key' }))).toEqual({ step: 2, of: 3 });
  });
});

describe('an organisation', () => {
  const draft = { ...emptyDraft, kind: 'identity-center' } as const;

  it.each(['', 'd-1.awsapps.com/start', 'http://d-1.awsapps.com/start', 'https://me@d-1.awsapps.com/', 'https://host'])(
    'opens nothing for the start URL "%s"',
    (startUrl) => {
      expect(mistakesOf({ ...draft, startUrl, region: 'us-east-1' })).toEqual({ startUrl: true, region: false });
    },
  );

  it.each(['', 'us-east', 'useast1', 'us_east_1'])('opens nothing for the region "%s"', (region) => {
    expect(mistakesOf({ ...draft, startUrl: 'https://d-1.awsapps.com/start', region }).region).toBe(true);
  });

  it('is asked for with what was typed, without the spaces around it', () => {
    const typed = { ...draft, startUrl: ' https://d-1.awsapps.com/start ', region: ' eu-west-1 ' };
    expect(isComplete(typed)).toBe(true);
    expect(targetOf(typed)).toEqual({
      kind: 'identity-center',
      startUrl: 'https://d-1.awsapps.com/start',
      region: 'eu-west-1',
    });
    expect(targetOf({ ...typed, kind: 'google' })).toEqual({ kind: 'google' });
  });

  it('stays where it is until both are right', () => {
    const kind = after({ type: 'forward' }, { type: 'changed', change: { kind: 'identity-center' } });
    expect(next(kind, { type: 'forward' })).toBe(kind);
  });
});

describe('how it ends', () => {
  it('shows the account, and that kiro-cli was not touched', () => {
    expect(after(...toCode, { type: 'added', added }).step).toEqual({
      at: 'done',
      added,
      kiroCli: { type: 'untouched' },
    });
  });

  it.each([
    ['put-back', 'put-back'],
    ['keep-new', 'kept-new'],
  ] as const)('says what kiro-cli is after %s', (previous, type) => {
    const done = after({ type: 'changed', change: { previous } }, ...toHandOff, { type: 'added', added });
    expect(done.step).toMatchObject({ at: 'done', kiroCli: { type } });
  });

  it('asks kiro-cli after its login was taken, and says what it answered', () => {
    const taken = after(
      { type: 'entered', way: 'sync' },
      { type: 'changed', change: { source } },
      { type: 'forward' },
      { type: 'began', work: 'importing' },
      { type: 'added', added },
    );
    expect(taken.step).toMatchObject({ kiroCli: { type: 'asking' } });
    const kiroCli = { isInstalled: true, login: 'signed-out', who: null } as const;
    expect(next(taken, { type: 'kiro-cli-asked', kiroCli }).step).toMatchObject({
      kiroCli: { type: 'asked', kiroCli },
    });
  });

  it('does not say of the Kiro IDE that it was not touched, after its login was taken', () => {
    const taken = after(
      { type: 'entered', way: 'sync' },
      { type: 'changed', change: { source: { ...source, from: 'kiro-ide', row: null } } },
      { type: 'forward' },
      { type: 'began', work: 'importing' },
      { type: 'added', added },
    );
    expect(taken.step).toMatchObject({ at: 'done', kiroCli: { type: 'ide-forked' } });
  });

  it('lets the user choose among several profiles, and try again when that fails', () => {
    const profiles = [{ arn: 'arn:1', name: 'Team' }];
    const choosing = after(...toCode, { type: 'added', added: { ...added, profiles } });
    expect(choosing.step).toMatchObject({ at: 'profile', profiles, isCharging: false });
    const failed = after(
      ...toCode,
      { type: 'added', added: { ...added, profiles } },
      { type: 'charging' },
      { type: 'failed', error },
    );
    expect(failed.step).toMatchObject({ at: 'profile', isCharging: false, error });
    expect(next(failed, { type: 'added', added }).step).toMatchObject({ at: 'done' });
  });

  it('leads an error back to what was asked, with all that was typed', () => {
    const failed = after(...toCode, { type: 'failed', error });
    expect(failed.step).toEqual({ at: 'failed', error, from: 'ahead', isKiroCliBack: false });
    expect(next(failed, { type: 'back' })).toMatchObject({ step: { at: 'ahead' }, draft: { kind: 'github' } });
    const refusedKey = after(
      { type: 'entered', way: 'api-key' },
      { type: 'began', work: 'adding-key' },
      { type: 'added', added: { ...added, id: null, result: 'failed', reason: 'Kiro refuses this key.' } },
    );
    expect(refusedKey.step).toMatchObject({ at: 'failed', from: 'key', error: { message: 'Kiro refuses this key.' } });
  });

  it('says after a failure or a cancel that kiro-cli is as it was, only once it is', () => {
    const failed = after(...toHandOff, { type: 'news', steps: [{ type: 'put-back' }] }, { type: 'failed', error });
    expect(failed.step).toMatchObject({ at: 'failed', isKiroCliBack: true });
    const cancelled = after(...toHandOff, { type: 'news', steps: [{ type: 'put-back' }] }, { type: 'cancelled' });
    expect(cancelled).toMatchObject({ step: { at: 'ahead' }, notice: 'cancelled-put-back' });
    expect(after(...toHandOff, { type: 'cancelled' }).notice).toBe('cancelled');
  });

  it('passes over an answer that comes too late', () => {
    const kiroCli = { isInstalled: true, login: 'unknown', who: null } as const;
    for (const late of [
      { type: 'news', steps: [{ type: 'checking' }] },
      { type: 'kiro-cli-asked', kiroCli },
      { type: 'cancelling' },
      { type: 'charging' },
    ] as const) {
      expect(next(beginning, late)).toBe(beginning);
    }
  });
});

describe('a window that is opened again', () => {
  it('finds the code, or what kiro-cli does', () => {
    const draft = { ...emptyDraft, way: 'browser' } as const;
    expect(after({ type: 'found-again', draft, prompt })).toMatchObject({
      step: { at: 'code', prompt },
      notice: 'found-again',
    });
    const handOff = after({ type: 'found-again', draft: { ...draft, way: 'hand-off' }, prompt: undefined });
    expect(handOff.step).toEqual({ at: 'hand-off', steps: [], isCancelling: false });
  });

  it('says that a sign-in ended with its window', () => {
    expect(after({ type: 'window-closed' })).toMatchObject({ step: { at: 'way' }, notice: 'window-closed' });
  });
});
