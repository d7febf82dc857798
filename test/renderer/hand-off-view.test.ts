import { describe, expect, it } from 'vitest';
import type { HandOffStepView } from '../../app/contract.ts';
import { handOffView } from '../../renderer/wizard/hand-off-view.ts';

const waiting = { type: 'waiting', url: 'https://example.com/device', userCode: 'ABCD', expiresAt: 1 } as const;
const signedIn = { type: 'signed-in', row: 'kirocli:social:token', kind: 'social' } as const;
const who = { type: 'already-signed-in', who: { accountType: 'SocialGoogle', email: 'me@example.com' } } as const;

function statesOf(steps: readonly HandOffStepView[], keepsNew = false): string[] {
  return handOffView(steps, keepsNew).stages.map(({ name, state }) => `${name} ${state}`);
}

describe('what a sign-in with kiro-cli shows', () => {
  it('begins with the look at what is there', () => {
    expect(statesOf([{ type: 'checking' }])[0]).toBe('check now');
    expect(handOffView([], false)).toMatchObject({ canCancel: true, prompt: undefined });
  });

  it('names whose login ends, and has no such stage where none does', () => {
    const view = handOffView([{ type: 'checking' }, who, { type: 'backed-up' }], false);
    expect(view.previousUser).toBe('me@example.com');
    expect(view.stages.find(({ state }) => state === 'now')?.name).toBe('sign-out');
    expect(statesOf([{ type: 'checking' }, { type: 'backed-up' }]).join()).not.toContain('sign-out');
  });

  it('names a login without an e-mail by its organisation, or by its kind', () => {
    const previousUser = (accountType: string, startUrl: string): string | undefined =>
      handOffView([{ type: 'already-signed-in', who: { accountType, startUrl } }], false).previousUser;
    expect(previousUser('IamIdentityCenter', 'https://d-1.awsapps.com/start')).toBe('https://d-1.awsapps.com/start');
    expect(previousUser('BuilderId', 'https://view.awsapps.com/start')).toBe('BuilderId');
  });

  it('shows the newest code while kiro-cli waits, and no longer', () => {
    const anew = { ...waiting, userCode: 'WXYZ' };
    expect(handOffView([{ type: 'backed-up' }, waiting, anew], false).prompt).toEqual(anew);
    expect(handOffView([{ type: 'backed-up' }, waiting, signedIn], false)).toMatchObject({
      prompt: undefined,
      canCancel: false,
    });
  });

  it('puts the store back at the end, unless kiro-cli keeps the new login', () => {
    const steps = [{ type: 'checking' }, { type: 'backed-up' }, waiting, signedIn] as const;
    expect(statesOf(steps).slice(-2)).toEqual(['take now', 'put-back ahead']);
    expect(statesOf(steps, true).at(-1)).toBe('take now');
    expect(statesOf([...steps, { type: 'put-back' }, { ...signedIn, type: 'done' }]).at(-1)).toBe('put-back done');
  });

  it('offers no cancel when it is over', () => {
    for (const type of ['cancelled', 'put-back'] as const) {
      expect(handOffView([waiting, { type }], false)).toMatchObject({ canCancel: false, prompt: undefined });
    }
  });
});
