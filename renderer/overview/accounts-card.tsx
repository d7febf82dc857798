import { useState } from 'preact/hooks';
import type { SnapshotAccount } from '../../app/contract.ts';
import { ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { EmptyState } from '../components/feedback.tsx';
import { words } from '../messages/words.ts';
import { hrefOf } from '../store/route.ts';
import { AccountRow, type AccountQuestion } from './account-row.tsx';
import { OverageDialog } from './overage-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

/** Every account in full, and the dialogs about one of them. */
export function AccountsCard({ accounts }: { readonly accounts: readonly SnapshotAccount[] }) {
  const text = words.overview.accounts;
  const [asked, setAsked] = useState<{ readonly question: AccountQuestion; readonly id: string } | undefined>();
  const about = accounts.find(({ id }) => id === asked?.id);
  const close = (): void => setAsked(undefined);
  return (
    <Card title={text.title}>
      {accounts.length === 0 ? (
        <EmptyState
          icon="add"
          title={text.empty.title}
          detail={text.empty.detail}
          action={
            <ButtonLink kind="primary" href={hrefOf('wizard')}>
              {words.overview.addAccount}
            </ButtonLink>
          }
        />
      ) : (
        <ul class="accounts">
          {accounts.map((account) => (
            <AccountRow
              key={account.id}
              account={account}
              onAsk={(question) => setAsked({ question, id: account.id })}
            />
          ))}
        </ul>
      )}
      {about && asked?.question === 'rename' && <RenameDialog account={about} onClose={close} />}
      {about && asked?.question === 'overage' && <OverageDialog account={about} onClose={close} />}
      {about && asked?.question === 'remove' && <RemoveDialog account={about} onClose={close} />}
    </Card>
  );
}
