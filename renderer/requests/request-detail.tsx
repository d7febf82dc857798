import type { RequestView } from '../../app/contract.ts';
import { labelOf } from '../account/label-of.ts';
import { ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { EmptyState, Skeleton } from '../components/feedback.tsx';
import { count } from '../format/amount.ts';
import { fullTime } from '../format/time.ts';
import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';
import { snapshot } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { Decision } from './decision.tsx';
import { Facts } from './facts.tsx';
import { Outcome } from './request-table.tsx';
import { Timeline } from './timeline.tsx';
import type { RequestLog } from './use-requests.ts';

/** One request: how it went, why which account served it, and what it cost. */
export function RequestDetail({ id, log }: { readonly id: string; readonly log: RequestLog }) {
  const text = words.requests;
  const at = log.requests.findIndex((request) => request.id === id);
  const request = log.requests[at];
  const [newer, older] = [log.requests[at - 1], log.requests[at + 1]];
  return (
    <Screen
      key={id}
      title={text.detailTitle}
      actions={
        <>
          {request && newer && <ButtonLink href={hrefOf(`requests/${newer.id}`)}>{text.newer}</ButtonLink>}
          {request && older && <ButtonLink href={hrefOf(`requests/${older.id}`)}>{text.older}</ButtonLink>}
          <ButtonLink icon="back" href={hrefOf('requests')}>
            {text.back}
          </ButtonLink>
        </>
      }
    >
      {request ? <Detail request={request} /> : <Unknown isLoading={log.isLoading} />}
    </Screen>
  );
}

function Unknown({ isLoading }: { readonly isLoading: boolean }) {
  const { title, detail } = words.requests.notFound;
  return isLoading ? <Skeleton lines={6} /> : <EmptyState icon="search" title={title} detail={detail} />;
}

function Detail({ request }: { readonly request: RequestView }) {
  const text = words.requests;
  const accounts = snapshot.value?.accounts ?? [];
  return (
    <>
      <section class="card request-head" aria-label={text.summary}>
        <p class="request-title">
          <span class="strong">{request.model}</span>
          <Outcome outcome={request.outcome} />
        </p>
        <p class="soft">
          {request.account === null ? text.noAccountServed : text.servedBy(labelOf(request.account, accounts))} ·{' '}
          <time dateTime={new Date(request.at).toISOString()}>{fullTime(request.at)}</time>
          {request.sends > 1 && ` · ${text.facts.sendsDetail(request.sends, count(request.sends))}`}
        </p>
        <p class="request-id soft small">
          <code>{request.id}</code>
          <CopyButton label={text.copyId} text={request.id} isIconOnly />
        </p>
      </section>
      <Card title={text.timeline.title}>
        <Timeline request={request} />
      </Card>
      <div class="request-columns">
        <Card title={text.decision.title}>
          <Decision request={request} accounts={accounts} />
        </Card>
        <Card title={text.facts.title} detail={text.facts.estimateMeaning}>
          <Facts request={request} />
        </Card>
      </div>
    </>
  );
}
