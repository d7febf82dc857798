import { useRef, useState } from 'preact/hooks';
import type { Output, ScreenContract } from '../../app/contract.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ConfirmDialog } from '../components/dialog.tsx';
import { ErrorState, Skeleton } from '../components/feedback.tsx';
import { TextField } from '../components/field.tsx';
import { RelativeTime } from '../components/moment.tsx';
import { Table } from '../components/table.tsx';
import { words } from '../messages/words.ts';
import { act, useAct } from '../store/act.ts';
import { ask, useAsk } from '../store/ask.ts';
import { desktop } from '../store/pool.ts';
import { toast } from '../store/toasts.ts';

type Key = Output<ScreenContract, 'keys.list'>[number];

/** The endpoint's keys by name. The keys themselves go to the clipboard and never come here. */
export function Keys() {
  const [asked, again] = useAsk('keys.list', {});
  const [revoking, setRevoking] = useState<string>();
  const { title, detail, none, inTerminal } = words.settings.keys;
  const isBrowser = desktop.value?.host === 'browser';
  return (
    <Card title={title} detail={detail}>
      <div class="settings">
        {asked.state === 'loading' && <Skeleton lines={3} />}
        {asked.state === 'failed' && <ErrorState error={asked.error} onRetry={again} />}
        {asked.state === 'ready' && asked.value.length === 0 && <p>{none}</p>}
        {asked.state === 'ready' && asked.value.length > 0 && (
          <KeyTable keys={asked.value} canCopy={!isBrowser} onRevoke={setRevoking} />
        )}
        {isBrowser ? <p class="soft">{inTerminal}</p> : <NewKey onCreated={again} />}
      </div>
      {revoking !== undefined && (
        <RevokeDialog name={revoking} onRevoked={again} onClose={() => setRevoking(undefined)} />
      )}
    </Card>
  );
}

function KeyTable(props: {
  readonly keys: readonly Key[];
  readonly canCopy: boolean;
  readonly onRevoke: (name: string) => void;
}) {
  const { caption, name, created, actions, copyOf, revoke, revokeOf } = words.settings.keys;
  return (
    <Table
      caption={caption}
      isCaptionHidden
      columns={[
        { id: 'name', title: name, cell: (key: Key) => key.name },
        { id: 'created', title: created, cell: (key) => <RelativeTime at={key.createdAt} /> },
        {
          id: 'actions',
          title: actions,
          isNumber: true,
          cell: (key) => (
            <span class="cell-actions">
              {props.canCopy && (
                <CopyButton
                  label={copyOf(key.name)}
                  isIconOnly
                  copy={() => act('desktop.copyKey', { name: key.name })}
                />
              )}
              <Button kind="quiet" size="small" label={revokeOf(key.name)} onClick={() => props.onRevoke(key.name)}>
                {revoke}
              </Button>
            </span>
          ),
        },
      ]}
      rows={props.keys}
      keyOf={(key) => key.name}
    />
  );
}

function NewKey({ onCreated }: { readonly onCreated: () => void }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { newName, newHint, create, createdToast, badName } = words.settings.keys;
  const submit = async (): Promise<void> => {
    const wanted = name.trim();
    if (wanted === '') {
      setError(badName);
      field.current?.focus();
      return;
    }
    setBusy(true);
    const reply = await ask('desktop.createKey', { name: wanted });
    setBusy(false);
    setError(reply.ok ? undefined : `${reply.error.message} ${reply.error.hint}`);
    if (!reply.ok) return;
    setName('');
    toast({ tone: 'good', text: createdToast(wanted) });
    onCreated();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void submit();
      }}
    >
      <TextField
        label={newName}
        hint={newHint}
        error={error}
        value={name}
        inputRef={field}
        onInput={setName}
        action={
          <Button type="submit" isBusy={isBusy}>
            {create}
          </Button>
        }
      />
    </form>
  );
}

function RevokeDialog(props: { readonly name: string; readonly onRevoked: () => void; readonly onClose: () => void }) {
  const [isBusy, revoke] = useAct('keys.revoke');
  const { revokeConfirm, revoked } = words.settings.keys;
  const confirm = async (): Promise<void> => {
    await revoke({ name: props.name }, revoked(props.name));
    props.onRevoked();
    props.onClose();
  };
  return (
    <ConfirmDialog
      title={revokeConfirm.title(props.name)}
      confirm={revokeConfirm.confirm}
      isBusy={isBusy}
      onConfirm={() => void confirm()}
      onClose={props.onClose}
    >
      <p>{revokeConfirm.detail}</p>
    </ConfirmDialog>
  );
}
