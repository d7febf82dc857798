import { describe, expect, it } from 'vitest';
import { Notices } from '../../main/notices.ts';
import { noon } from '../support/engine.ts';
import { account, accountIn, desktop, snapshot } from './snapshots.ts';

const titles = (notices: readonly { title: string }[]): string[] => notices.map(({ title }) => title);

describe('notifications', () => {
  it('come once for an account that needs its user, and again when that has ended and begun anew', () => {
    const notices = new Notices();
    const told = [
      account(),
      accountIn('needs-sign-in'),
      accountIn('needs-sign-in'),
      account(),
      accountIn('needs-sign-in'),
    ].map((each) => titles(notices.ofSnapshot(snapshot({ accounts: [each] }), noon)));
    expect(told).toEqual([[], ['Work needs a new sign-in'], [], [], ['Work needs a new sign-in']]);
  });

  it('say that Kiro warned, and stay silent about what ends by itself', () => {
    const notices = new Notices();
    notices.ofSnapshot(snapshot(), noon);
    expect(titles(notices.ofSnapshot(snapshot({ accounts: [accountIn('parked')] }), noon))).toEqual(['Work is parked']);
    expect(notices.ofSnapshot(snapshot({ accounts: [accountIn('cooling', noon + 1)] }), noon)).toEqual([]);
  });

  it('name an account in one short line, whatever it is called', () => {
    const notices = new Notices();
    const label = `a\n\u202e${'b'.repeat(10_000)}`;
    notices.ofSnapshot(snapshot({ accounts: [account({ label })] }), noon);
    const parked = snapshot({ accounts: [accountIn('parked', null, { label })] });
    expect(titles(notices.ofSnapshot(parked, noon))).toEqual([`a  ${'b'.repeat(57)} is parked`]);
  });

  it('say when the last account is used up, and when the first is back', () => {
    const notices = new Notices();
    notices.ofSnapshot(
      snapshot({ accounts: [account(), accountIn('exhausted', noon + 7_200_000, { id: 'b' })] }),
      noon,
    );
    const spent = snapshot({
      accounts: [accountIn('exhausted', noon + 86_400_000), accountIn('exhausted', noon + 7_200_000, { id: 'b' })],
    });
    expect(notices.ofSnapshot(spent, noon)).toEqual([
      { title: 'All accounts are used up', body: 'The first one is back in 2 h.', route: 'usage' },
    ]);
    expect(notices.ofSnapshot(spent, noon)).toEqual([]);
  });

  it('are one for all that waits at start', () => {
    const waiting = snapshot({
      accounts: [accountIn('parked'), accountIn('needs-sign-in', null, { id: 'b' }), account({ id: 'c' })],
    });
    expect(new Notices().ofSnapshot(waiting, noon)).toEqual([
      { title: 'Kiro Pool needs you', body: '2 accounts cannot serve until you look at them.', route: 'overview' },
    ]);
  });

  it('say nothing of an account that is new', () => {
    const notices = new Notices();
    notices.ofSnapshot(snapshot({ accounts: [] }), noon);
    expect(notices.ofSnapshot(snapshot({ accounts: [accountIn('needs-sign-in')] }), noon)).toEqual([]);
  });

  it('tell of an update once it is ready, once', () => {
    const notices = new Notices();
    const ready = { ...desktop, update: { state: 'ready' as const, version: '0.2.0', detail: null } };
    expect(notices.ofUpdate({ ...ready, update: { ...ready.update, state: 'downloading' } })).toEqual([]);
    expect(titles(notices.ofUpdate(ready))).toEqual(['Kiro Pool 0.2.0 is ready']);
    expect(notices.ofUpdate(ready)).toEqual([]);
  });
});
