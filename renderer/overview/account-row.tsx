import type { SnapshotAccount } from '../../app/contract.ts';
import { accountActions, type AccountAction } from '../account/account-actions.ts';
import { AccountName } from '../account/account-name.tsx';
import { AccountState, Provenance } from '../account/account-state.tsx';
import { CreditsBar, Extras } from '../account/credits-bar.tsx';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { Menu, type MenuItem } from '../components/menu.tsx';
import { RelativeTime } from '../components/moment.tsx';
import { money } from '../format/amount.ts';
import { credits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { navigate } from '../store/route.ts';

/** What needs a dialog of its own. */
export type AccountQuestion = 'rename' | 'overage' | 'remove';

/** One account in full: who, what is left, whether it can serve, why not, and what to do about it. */
export function AccountRow(props: {
  readonly account: SnapshotAccount;
  readonly onAsk: (question: AccountQuestion) => void;
}) {
  const { account } = props;
  const actions = accountActions(account, () => navigate('wizard'));
  const text = words.overview.actions;
  const questions: readonly MenuItem[] = [
    { text: text.rename, icon: 'pencil', onSelect: () => props.onAsk('rename') },
    { text: text.overage, icon: 'money', onSelect: () => props.onAsk('overage') },
    { text: text.remove, icon: 'trash', isDangerous: true, onSelect: () => props.onAsk('remove') },
  ];
  return (
    <li class="account" data-state={account.state.name}>
      <Identity account={account} />
      <div class="account-credits">
        <CreditsBar account={account} />
        <Extras account={account} />
        <Overage account={account} />
      </div>
      <div class="account-state">
        <AccountState account={account} />
        <span class="faint small">
          {account.lastUsedAt === null ? (
            words.account.neverUsed
          ) : (
            <>
              {words.account.lastUsed} <RelativeTime at={account.lastUsedAt} />
            </>
          )}
        </span>
      </div>
      <div class="account-menu">
        <Menu label={text.menu(account.label)} items={[...actions, ...questions]} />
      </div>
      <Trouble account={account} action={actions.find(({ isRemedy }) => isRemedy)} />
    </li>
  );
}

function Identity({ account }: { readonly account: SnapshotAccount }) {
  const { email, kind, isVerified } = account;
  const text = words.account;
  return (
    <div class="account-identity">
      <AccountName account={account} as="h3" />
      <p class="soft small">{email === null ? text.kinds[kind] : `${email} · ${text.kinds[kind]}`}</p>
      <p class="account-tags">
        <Provenance account={account} />
        {!isVerified && (
          <span class="tag" title={text.unverifiedMeaning}>
            {text.unverified}
          </span>
        )}
      </p>
    </div>
  );
}

function Overage({ account: { overage } }: { readonly account: SnapshotAccount }) {
  if (!overage.isAllowed) return null;
  const text = words.account.overage;
  return (
    <p class="account-overage small">
      <Icon name="money" />
      <span>
        {overage.dailyCap === null
          ? text.on(credits(overage.today))
          : text.onWithCap(credits(overage.today), credits(overage.dailyCap))}
        {overage.charges > 0 && ` · ${text.charged(money(overage.charges, overage.currency))}`}
      </span>
    </p>
  );
}

/** Why an account cannot serve, in the engine's words, and what ends that. */
function Trouble(props: { readonly account: SnapshotAccount; readonly action: AccountAction | undefined }) {
  const { name, reason } = props.account.state;
  if (name === 'ready') return null;
  return (
    <div class="account-trouble">
      <p class="small">
        {reason !== null && <span>{reason} </span>}
        <span class="soft">{words.overview.advice[name]}</span>
      </p>
      {props.action && (
        <Button size="small" icon={props.action.icon} onClick={props.action.onSelect}>
          {props.action.text}
        </Button>
      )}
    </div>
  );
}
