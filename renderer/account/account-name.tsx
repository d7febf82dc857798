import type { SnapshotAccount } from '../../app/contract.ts';
import { Icon } from '../components/icon.tsx';
import { words } from '../messages/words.ts';
import { planName } from './account-look.ts';

/** What an account is called, with its plan, and whether it alone serves. */
export function AccountName(props: { readonly account: SnapshotAccount; readonly as: 'h2' | 'h3' }) {
  const { label, plan, pinned } = props.account;
  return (
    <props.as class="account-name">
      {label}
      {plan !== null && <span class="tag">{planName(plan)}</span>}
      {pinned && (
        <span class="tag accent">
          <Icon name="pin" />
          {words.account.pinned}
        </span>
      )}
    </props.as>
  );
}
