import type { SnapshotAccount } from '../../app/contract.ts';
import type { MenuItem } from '../components/menu.tsx';
import { words } from '../messages/words.ts';
import { act } from '../store/act.ts';

export interface AccountAction extends MenuItem {
  /** It mends why the account cannot serve. */
  readonly isRemedy?: boolean;
}

/** What can be done with an account at once, without another question. The first items mend what is wrong with it. */
export function accountActions(account: SnapshotAccount, signIn: () => void): readonly AccountAction[] {
  return [...mending(account, signIn), ...steering(account)];
}

function mending({ id, label, state }: SnapshotAccount, signIn: () => void): readonly AccountAction[] {
  const text = words.overview.actions;
  const clear = (name: string): AccountAction => ({
    text: name,
    icon: 'check',
    isRemedy: true,
    onSelect: () => void act('accounts.clear', { id }, text.cleared(label)),
  });
  switch (state.name) {
    case 'ready':
      return [];
    case 'cooling':
    case 'exhausted':
      return [clear(text.clear)];
    case 'parked':
      return [clear(text.clearPark)];
    case 'needs-sign-in':
      return [{ text: text.signIn, icon: 'signIn', isRemedy: true, onSelect: signIn }];
    case 'disabled':
      return [
        {
          text: text.resume,
          icon: 'play',
          isRemedy: true,
          onSelect: () => void act('accounts.resume', { id }, text.resumed(label)),
        },
      ];
  }
}

function steering({ id, label, state, pinned }: SnapshotAccount): readonly AccountAction[] {
  const text = words.overview.actions;
  const isHeld = state.name === 'disabled' || state.name === 'parked' || state.name === 'needs-sign-in';
  const pin: MenuItem = pinned
    ? { text: text.unpin, icon: 'pin', onSelect: () => void act('accounts.pin', { id: null }, text.unpinned) }
    : { text: text.pin, icon: 'pin', onSelect: () => void act('accounts.pin', { id }, text.pinned(label)) };
  const pause: MenuItem = {
    text: text.pause,
    icon: 'pause',
    onSelect: () => void act('accounts.pause', { id }, text.paused(label)),
  };
  const refresh: MenuItem = {
    text: text.refresh,
    icon: 'refresh',
    onSelect: () => void act('accounts.refresh', { id }, text.refreshed(label)),
  };
  return [...(isHeld && !pinned ? [] : [pin]), ...(isHeld ? [] : [pause]), refresh];
}
