import { useEffect, useRef, useState } from 'preact/hooks';
import type { SnapshotAccount } from '../../app/contract.ts';
import { ConfirmDialog } from '../components/dialog.tsx';
import { TextField } from '../components/field.tsx';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';

export function RenameDialog({
  account,
  onClose,
}: {
  readonly account: SnapshotAccount;
  readonly onClose: () => void;
}) {
  const text = words.overview.rename;
  const [label, setLabel] = useState(account.label);
  const [isTried, setTried] = useState(false);
  const [isBusy, rename] = useAct('accounts.label');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const name = label.trim();

  const save = async (): Promise<void> => {
    setTried(true);
    if (name === '') return;
    const reply = await rename({ id: account.id, label: name }, words.overview.actions.renamed(name));
    if (reply?.ok === true) onClose();
  };
  return (
    <ConfirmDialog
      title={text.title(account.label)}
      confirm={text.save}
      kind="primary"
      isBusy={isBusy}
      onConfirm={() => void save()}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          inputRef={input}
          label={text.label}
          value={label}
          maxLength={60}
          error={isTried && name === '' ? text.empty : undefined}
          onInput={setLabel}
        />
      </form>
    </ConfirmDialog>
  );
}
