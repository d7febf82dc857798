import { Button, IconButton } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { EmptyState, Skeleton } from '../components/feedback.tsx';
import { Icon } from '../components/icon.tsx';
import { Logo } from '../components/logo.tsx';
import { Toaster } from '../components/toaster.tsx';
import type { Snapshot } from '../../app/contract.ts';
import { clock } from '../format/time.ts';
import { words } from '../messages/words.ts';
import { act, useAct } from '../store/act.ts';
import { apiUrl, copyKey } from '../store/endpoint.ts';
import { connection, snapshot } from '../store/pool.ts';
import { endpointStatus, readyLine } from '../store/status.ts';
import { AccountCard } from './account-card.tsx';
import { LastRequest } from './last-request.tsx';
import { PoolTotal } from './pool-total.tsx';

/** The window under the tray's icon: all that is asked for many times a day, at a glance. */
export function Popover() {
  const known = snapshot.value;
  return (
    <>
      <div class="popover">
        {known ? (
          <>
            <Head snapshot={known} />
            <main class="popover-body">
              <Stale />
              <Content snapshot={known} />
            </main>
          </>
        ) : (
          <Nothing />
        )}
        <Foot />
      </div>
      <Toaster />
    </>
  );
}

function Head({ snapshot: { endpoint }, snapshot: whole }: { readonly snapshot: Snapshot }) {
  const text = words.popover;
  const { tone, icon, text: status } = endpointStatus(whole);
  const [isBusy, pause] = useAct('endpoint.pause');
  return (
    <header class="popover-head">
      <Logo />
      <div class="popover-status">
        <h1>
          <span class={`status-line tone-${tone}`}>
            <Icon name={icon} />
            {status}
          </span>
        </h1>
        <p class="soft small">{readyLine(whole)}</p>
      </div>
      <IconButton
        icon={endpoint.isPaused ? 'play' : 'pause'}
        label={endpoint.isPaused ? text.resumeLabel : text.pauseLabel}
        isBusy={isBusy}
        onClick={() => void pause({ isPaused: !endpoint.isPaused })}
      />
    </header>
  );
}

function Content({ snapshot: { accounts, endpoint, pool, requests } }: { readonly snapshot: Snapshot }) {
  const text = words.popover;
  if (accounts.length === 0) {
    return (
      <EmptyState
        icon="add"
        title={text.empty.title}
        detail={text.empty.detail}
        action={
          <Button kind="primary" onClick={() => void act('desktop.show', { route: 'wizard' })}>
            {text.add}
          </Button>
        }
      />
    );
  }
  return (
    <>
      <PoolTotal pool={pool} />
      <section aria-label={text.accounts}>
        <ul class="popover-accounts">
          {accounts.map((account) => (
            <AccountCard key={account.id} account={account} />
          ))}
        </ul>
      </section>
      <LastRequest request={requests[0]} accounts={accounts} />
      {endpoint.url !== null && (
        <div class="popover-copy">
          <CopyButton label={text.copyUrlLabel} text={apiUrl(endpoint.url)} size="small" />
          <CopyButton label={text.copyKeyLabel} copy={copyKey} size="small" />
        </div>
      )}
    </>
  );
}

function Nothing() {
  const link = connection.value;
  const { waiting, offline } = words.shell.connection;
  return (
    <main class="popover-body">
      <h1 class="spoken">{words.common.appName}</h1>
      {link.state === 'offline' ? (
        <EmptyState icon="link" title={offline.title} detail={offline.detail} />
      ) : link.state === 'loading' && link.isSlow ? (
        <EmptyState icon="clock" title={waiting.title} detail={waiting.detail} />
      ) : (
        <Skeleton lines={8} />
      )}
    </main>
  );
}

function Stale() {
  const link = connection.value;
  if (link.state !== 'stale') return null;
  return (
    <p class="popover-stale tone-warn small" role="status">
      <Icon name="link" />
      {words.shell.connection.stale(clock(link.since))}
    </p>
  );
}

function Foot() {
  const text = words.popover;
  const show = (route: string) => () => void act('desktop.show', { route });
  return (
    <footer class="popover-foot">
      <Button kind="quiet" icon="add" onClick={show('wizard')}>
        {text.add}
      </Button>
      <Button kind="quiet" icon="dashboard" onClick={show('overview')}>
        {text.dashboard}
      </Button>
    </footer>
  );
}
