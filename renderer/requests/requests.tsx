import { useState } from 'preact/hooks';
import type { RequestView } from '../../app/contract.ts';
import { Button, ButtonLink } from '../components/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../components/feedback.tsx';
import { count } from '../format/amount.ts';
import { words } from '../messages/words.ts';
import type { ScreenProps } from '../screens.tsx';
import { Screen } from '../shell/screen.tsx';
import { snapshot } from '../store/pool.ts';
import { hrefOf } from '../store/route.ts';
import { Filters } from './filters.tsx';
import { fits, noFilter, type RequestFilter } from './request-filter.ts';
import { RequestDetail } from './request-detail.tsx';
import { RequestTable } from './request-table.tsx';
import { useRequests, type RequestLog } from './use-requests.ts';

/** Every request, live, or one of them when the route names it. */
export function Requests({ rest }: ScreenProps) {
  const log = useRequests();
  const [filter, setFilter] = useState<RequestFilter>(noFilter);
  if (rest !== '') return <RequestDetail id={rest} log={log} />;
  return (
    <Screen title={words.shell.screens.requests}>
      {log.requests.length === 0 ? (
        <Nothing log={log} />
      ) : (
        <>
          <Filters requests={log.requests} filter={filter} onChange={setFilter} />
          <List log={log} requests={log.requests.filter((request) => fits(request, filter))} />
          {log.error && <ErrorState error={log.error} onRetry={log.reload} />}
          {log.hasOlder && (
            <p class="requests-more">
              <Button isBusy={log.isLoading} onClick={log.showOlder}>
                {words.requests.loadOlder}
              </Button>
            </p>
          )}
        </>
      )}
    </Screen>
  );
}

function Nothing({ log }: { readonly log: RequestLog }) {
  const text = words.requests.empty;
  if (log.error) return <ErrorState error={log.error} onRetry={log.reload} />;
  if (log.isLoading) return <Skeleton lines={8} />;
  return (
    <EmptyState
      icon="requests"
      title={text.title}
      detail={text.detail}
      action={<ButtonLink href={hrefOf('clients')}>{text.action}</ButtonLink>}
    />
  );
}

/** @param props.requests those of the log that fit the filter */
function List({ log, requests }: { readonly log: RequestLog; readonly requests: readonly RequestView[] }) {
  const text = words.requests;
  const accounts = snapshot.value?.accounts ?? [];
  return (
    <section class="card requests" aria-label={words.shell.screens.requests}>
      <p class="requests-count soft small" role="status">
        {howMany(requests.length, log)}
      </p>
      {requests.length === 0 ? (
        <EmptyState icon="search" title={text.noMatch.title} detail={text.noMatch.detail} />
      ) : (
        <RequestTable requests={requests} accounts={accounts} />
      )}
    </section>
  );
}

function howMany(shown: number, { requests, hasOlder }: RequestLog): string {
  const text = words.requests;
  if (!hasOlder) return text.count(shown, count(shown));
  const latest = count(requests.length);
  return shown === requests.length ? text.latest(latest) : text.someOfLatest(count(shown), latest);
}
