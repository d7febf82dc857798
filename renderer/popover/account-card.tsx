import type { SnapshotAccount } from '../../app/contract.ts';
import { accountActions } from '../account/account-actions.ts';
import { AccountName } from '../account/account-name.tsx';
import { AccountState } from '../account/account-state.tsx';
import { CreditsBar } from '../account/credits-bar.tsx';
import { Button } from '../components/button.tsx';
import { Menu } from '../components/menu.tsx';
import { words } from '../messages/words.ts';
import { act } from '../store/act.ts';

/** One account of the popover: who, whether it can serve, what is left and for how long. */
export function AccountCard({ account }: { readonly account: SnapshotAccount }) {
  const { label, state } = account;
  const text = words.account;
  const actions = accountActions(account, () => void act('desktop.show', { route: 'wizard' }));
  const remedy = needsUser(account) ? actions.find(({ isRemedy }) => isRemedy) : undefined;
  return (
    <li class="popover-account" data-dim={state.name === 'disabled' ? '' : undefined}>
      <div class="popover-account-head">
        <AccountName account={account} as="h2" />
        <div class="popover-account-state">
          <AccountState account={account} />
          <Menu label={words.overview.actions.menu(label)} items={actions} />
        </div>
      </div>
      <p class="popover-account-who soft small">
        <span>{account.email ?? text.kinds[account.kind]}</span>
        <span title={text.provenance[account.provenance].meaning}>{text.provenance[account.provenance].name}</span>
      </p>
      {remedy ? (
        <div class="popover-trouble">
          <p class="small">{state.reason}</p>
          <Button size="small" icon={remedy.icon} onClick={remedy.onSelect}>
            {remedy.text}
          </Button>
        </div>
      ) : (
        <CreditsBar account={account} />
      )}
    </li>
  );
}

/** Its credits do not matter until a person has seen to it. */
function needsUser({ state: { name } }: SnapshotAccount): boolean {
  return name === 'parked' || name === 'needs-sign-in';
}
