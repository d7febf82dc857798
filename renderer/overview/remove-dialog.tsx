import type { SnapshotAccount } from '../../app/contract.ts';
import { ConfirmDialog } from '../components/dialog.tsx';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';

export function RemoveDialog({
  account,
  onClose,
}: {
  readonly account: SnapshotAccount;
  readonly onClose: () => void;
}) {
  const text = words.overview.remove;
  const [isBusy, remove] = useAct('accounts.remove');
  const confirm = async (): Promise<void> => {
    const reply = await remove({ id: account.id }, words.overview.actions.removed(account.label));
    if (reply?.ok === true) onClose();
  };
  return (
    <ConfirmDialog
      title={text.title(account.label)}
      confirm={text.confirm}
      isBusy={isBusy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{text.detail}</p>
    </ConfirmDialog>
  );
}
