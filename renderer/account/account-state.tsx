import type { SnapshotAccount } from '../../app/contract.ts';
import { Icon } from '../components/icon.tsx';
import { Countdown } from '../components/moment.tsx';
import { StatusPill } from '../components/status-pill.tsx';
import { count } from '../format/amount.ts';
import { words } from '../messages/words.ts';
import { stateLooks } from './account-look.ts';

/** Whether an account can serve, and if it cannot for a while, until when. */
export function AccountState({ account }: { readonly account: SnapshotAccount }) {
  const { name, until } = account.state;
  const text = words.account;
  if (name === 'ready' && account.inFlight > 0) {
    return (
      <StatusPill tone="accent" icon="play">
        {text.serving(count(account.inFlight))}
      </StatusPill>
    );
  }
  return (
    <StatusPill {...stateLooks[name]}>
      {text.states[name]}
      {name === 'cooling' && until !== null && (
        <>
          {' '}
          <Countdown until={until} />
        </>
      )}
    </StatusPill>
  );
}

/** How a login came here; hovering or a screen reader tells what that means. */
export function Provenance({ account }: { readonly account: SnapshotAccount }) {
  const { name, meaning } = words.account.provenance[account.provenance];
  return (
    <span class="tag" title={meaning}>
      <Icon name={account.provenance === 'own' ? 'key' : account.provenance === 'forked' ? 'fork' : 'link'} />
      {name}
    </span>
  );
}
