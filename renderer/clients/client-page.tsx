import type { Output, ScreenContract } from '../../app/contract.ts';
import { ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Banner, EmptyState } from '../components/feedback.tsx';
import { StatusPill } from '../components/status-pill.tsx';
import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';
import { hrefOf } from '../store/route.ts';
import { clientStatus } from './client-status.ts';
import { choiceOf } from './model-choice.tsx';
import { SetUp } from './set-up.tsx';

type Client = Output<ScreenContract, 'clients.list'>[number];

/** One client: its state, and its set-up with the difference shown. */
export function ClientPage(props: {
  readonly name: string;
  /** Undefined when the engine knows none of that name. */
  readonly client: Client | undefined;
  readonly onChange: () => void;
}) {
  const { client } = props;
  const { back, unknown, title, changes } = words.clients.detail;
  const toList = (
    <ButtonLink href={hrefOf('clients')} kind="quiet" icon="back">
      {back}
    </ButtonLink>
  );
  if (!client) {
    const { title, detail } = unknown(props.name);
    return (
      <Screen title={title} actions={toList}>
        <EmptyState icon="search" title={title} detail={detail} action={toList} />
      </Screen>
    );
  }
  const { tone, icon, text } = clientStatus(client.status);
  return (
    <Screen title={title(client.title)} actions={toList}>
      <div class="client-state">
        <StatusPill tone={tone} icon={icon}>
          {text}
        </StatusPill>
        {client.status !== 'broken' && <p class="soft">{client.detail}</p>}
      </div>
      {client.status === 'broken' ? (
        <Banner tone="bad" icon="octagon" title={client.detail}>
          <p>{words.clients.brokenNote}</p>
          {client.configPath !== null && <p class="path">{client.configPath}</p>}
        </Banner>
      ) : (
        <Card title={changes}>
          <SetUp
            name={client.name}
            title={client.title}
            before={choiceOf(client)}
            choosesModel={client.configPath !== null}
            onChange={props.onChange}
          />
        </Card>
      )}
    </Screen>
  );
}
