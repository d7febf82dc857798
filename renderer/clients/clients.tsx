/** The tools that can use the pool: which do, and setting them up with everything shown before it is written. */
import { useState } from 'preact/hooks';
import type { Output, ScreenContract } from '../../app/contract.ts';
import { Button, ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ConfirmDialog } from '../components/dialog.tsx';
import { EmptyState, ErrorState, Skeleton } from '../components/feedback.tsx';
import { StatusPill } from '../components/status-pill.tsx';
import { words } from '../messages/words.ts';
import type { ScreenProps } from '../screens.tsx';
import { Screen } from '../shell/screen.tsx';
import { useAct } from '../store/act.ts';
import { useAsk } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { ClientPage } from './client-page.tsx';
import { clientStatus } from './client-status.ts';

type Client = Output<ScreenContract, 'clients.list'>[number];

/** @param rest the name of a client, to set up that one; empty for the list */
export function Clients({ rest }: ScreenProps) {
  const [asked, again] = useAsk('clients.list', {}, snapshot.value?.endpoint.url);
  const known = asked.state === 'loading' ? undefined : asked.value;
  if (known !== undefined && rest !== '') {
    return <ClientPage key={rest} name={rest} client={known.find(({ name }) => name === rest)} onChange={again} />;
  }
  const isBusy = asked.state === 'ready' && asked.isRefreshing;
  return (
    <Screen
      title={words.clients.title}
      actions={
        <Button icon="refresh" isBusy={isBusy} onClick={again}>
          {words.clients.again}
        </Button>
      }
    >
      <p class="soft">{words.clients.intro}</p>
      {asked.state === 'loading' && <Skeleton lines={6} />}
      {asked.state === 'failed' && <ErrorState error={asked.error} onRetry={again} />}
      {asked.state === 'ready' && <List clients={asked.value} onChange={again} />}
      <Endpoint />
    </Screen>
  );
}

function List({ clients, onChange }: { readonly clients: readonly Client[]; readonly onChange: () => void }) {
  const { found, others, othersDetail, none } = words.clients;
  const here = clients.filter(({ status }) => status !== 'absent');
  const elsewhere = clients.filter(({ status }) => status === 'absent');
  if (clients.length === 0) return <EmptyState icon="clients" title={none.title} detail={none.detail} />;
  return (
    <>
      {here.length > 0 && (
        <Card title={found}>
          <Rows clients={here} onChange={onChange} />
        </Card>
      )}
      {elsewhere.length > 0 && (
        <Card title={others} detail={othersDetail}>
          <Rows clients={elsewhere} onChange={onChange} />
        </Card>
      )}
    </>
  );
}

function Rows({ clients, onChange }: { readonly clients: readonly Client[]; readonly onChange: () => void }) {
  return (
    <ul class="rows">
      {clients.map((client) => (
        <Row key={client.name} client={client} onChange={onChange} />
      ))}
    </ul>
  );
}

function Row({ client, onChange }: { readonly client: Client; readonly onChange: () => void }) {
  const { name, title, status, detail, configPath, canUndo } = client;
  const { tone, icon, text, action } = clientStatus(status);
  const { brokenNote, namedAction, undo } = words.clients;
  const [asksUndo, setAsksUndo] = useState(false);
  return (
    <li class="row">
      <div class="row-text">
        <p class="row-title">
          <span class="strong">{title}</span>
          <StatusPill tone={tone} icon={icon}>
            {text}
          </StatusPill>
        </p>
        <p class="soft">{detail}</p>
        {status === 'broken' && <p>{brokenNote}</p>}
        {configPath !== null && <p class="path faint">{configPath}</p>}
      </div>
      <div class="row-actions">
        {canUndo && (
          <Button kind="quiet" label={namedAction(undo, title)} onClick={() => setAsksUndo(true)}>
            {undo}
          </Button>
        )}
        {action !== undefined && (
          <ButtonLink href={hrefOf(`clients/${name}`)} label={namedAction(action, title)}>
            {action}
          </ButtonLink>
        )}
      </div>
      {asksUndo && <UndoDialog client={client} onChange={onChange} onClose={() => setAsksUndo(false)} />}
    </li>
  );
}

function UndoDialog(props: { readonly client: Client; readonly onChange: () => void; readonly onClose: () => void }) {
  const { name, title } = props.client;
  const [isBusy, undo] = useAct('clients.undo');
  const { undoConfirm, undone } = words.clients.detail;
  const confirm = async (): Promise<void> => {
    await undo({ name }, undone(title));
    props.onChange();
    props.onClose();
  };
  return (
    <ConfirmDialog
      title={undoConfirm.title(title)}
      confirm={undoConfirm.confirm}
      isBusy={isBusy}
      onConfirm={() => void confirm()}
      onClose={props.onClose}
    >
      <p>{undoConfirm.detail}</p>
    </ConfirmDialog>
  );
}

/** For a tool that is not in the list. */
function Endpoint() {
  const url = snapshot.value?.endpoint.url;
  const { title, detail, url: label, copyUrl, off, keys } = words.clients.endpoint;
  return (
    <Card
      title={title}
      detail={detail}
      actions={
        <ButtonLink href={hrefOf('settings/keys')} icon="key">
          {keys}
        </ButtonLink>
      }
    >
      {typeof url === 'string' ? (
        <p class="endpoint">
          <span class="soft">{label}</span>
          <code>{`${url}/v1`}</code>
          <CopyButton label={copyUrl} text={`${url}/v1`} isIconOnly />
        </p>
      ) : (
        <p>{off}</p>
      )}
    </Card>
  );
}
