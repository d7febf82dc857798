import type { DesktopInfo, Snapshot, SnapshotAccount } from '../app/contract.ts';
import { nameOf, span, words } from './words.ts';

/** Something the user is to know though no window is open, and the screen that tells more. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly route: string;
}

/**
 * Tells from two snapshots what is worth a notification, each thing once: an account that needs a sign-in, one that was parked,
 * a pool that is used up, an update that is ready. The first snapshot gives one notice for all that waits for the user.
 */
export class Notices {
  #previous: Snapshot | undefined;
  #toldUpdate: string | undefined;

  /** @param now epoch ms */
  ofSnapshot(next: Snapshot, now: number): Notice[] {
    const previous = this.#previous;
    this.#previous = next;
    if (previous === undefined) return atStart(next);
    const before = new Map(previous.accounts.map((account) => [account.id, account.state.name]));
    const changed = next.accounts.filter(({ id, state }) => before.has(id) && before.get(id) !== state.name);
    return [
      ...changed.flatMap((account) => noticeOf(account) ?? []),
      ...(!isUsedUp(previous) && isUsedUp(next) ? [usedUp(next, now)] : []),
    ];
  }

  ofUpdate({ update }: DesktopInfo): Notice[] {
    const { state, version } = update;
    if (state !== 'ready' || version === null || version === this.#toldUpdate) return [];
    this.#toldUpdate = version;
    return [{ ...words.notices.updateReady(version), route: 'settings' }];
  }
}

function atStart({ accounts }: Snapshot): Notice[] {
  const waiting = accounts.filter(needsUser).length;
  return waiting === 0 ? [] : [{ ...words.notices.attention(waiting), route: 'overview' }];
}

function needsUser({ state }: SnapshotAccount): boolean {
  return state.name === 'needs-sign-in' || state.name === 'parked';
}

function noticeOf(account: SnapshotAccount): Notice | undefined {
  switch (account.state.name) {
    case 'needs-sign-in':
      return { ...words.notices.needsSignIn(nameOf(account)), route: 'overview' };
    case 'parked':
      return { ...words.notices.parked(nameOf(account)), route: 'overview' };
    case 'ready':
    case 'cooling':
    case 'exhausted':
    case 'disabled':
      return undefined;
  }
}

/** Every account that the user wants to serve has spent its credits. */
function isUsedUp({ accounts }: Snapshot): boolean {
  const wanted = accounts.filter(({ state }) => state.name !== 'disabled');
  return wanted.length > 0 && wanted.every(({ state }) => state.name === 'exhausted');
}

function usedUp({ accounts }: Snapshot, now: number): Notice {
  const until = Math.min(...accounts.map(({ state }) => state.until ?? Number.POSITIVE_INFINITY));
  return { ...words.notices.poolExhausted(span(until - now)), route: 'usage' };
}
