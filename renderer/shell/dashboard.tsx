import { Banner, EmptyState, ErrorState, Skeleton } from '../components/feedback.tsx';
import { ButtonLink } from '../components/button.tsx';
import { Toaster } from '../components/toaster.tsx';
import { clock } from '../format/time.ts';
import { words } from '../messages/words.ts';
import { isScreenName, screens } from '../screens.tsx';
import { connection, snapshot } from '../store/pool.ts';
import { hrefOf, route } from '../store/route.ts';
import { Guarded } from './guarded.tsx';
import { Screen } from './screen.tsx';
import { Side } from './side.tsx';

/** The whole window: the navigation, the screen that the route names, and what has to be said above it. */
export function Dashboard() {
  const isFirstRun = snapshot.value?.hasAcceptedRisks === false && isScreenName('first-run');
  return (
    <>
      <div class={isFirstRun ? 'shell alone' : 'shell'}>
        {!isFirstRun && (
          <>
            <a class="skip" href="#main" onClick={skip}>
              {words.shell.skip}
            </a>
            <Side />
          </>
        )}
        <main class="main" id="main" tabIndex={-1}>
          <Stale />
          <Current name={isFirstRun ? 'first-run' : route.value.screen} />
        </main>
      </div>
      <Toaster />
    </>
  );
}

/** The hash is the route, so the link must not set it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Current({ name }: { readonly name: string }) {
  const { state } = connection.value;
  const page = isScreenName(name) ? screens[name] : undefined;
  if (page === undefined || !isScreenName(name)) return <NotFound />;
  if (state === 'loading' || state === 'offline') {
    return <Screen title={words.shell.screens[name]}>{state === 'loading' ? <Waiting /> : <Offline />}</Screen>;
  }
  const Page = page;
  return (
    <Guarded
      key={name}
      fallback={(retry) => <ErrorState error={{ code: 'screen', ...words.failures.screenFailed }} onRetry={retry} />}
    >
      <Page rest={route.value.rest} />
    </Guarded>
  );
}

function Waiting() {
  const link = connection.value;
  if (link.state !== 'loading' || !link.isSlow) return <Skeleton lines={6} />;
  const { title, detail } = words.shell.connection.waiting;
  return <EmptyState icon="clock" title={title} detail={detail} />;
}

function Offline() {
  const { title, detail } = words.shell.connection.offline;
  return <EmptyState icon="link" title={title} detail={detail} />;
}

function NotFound() {
  const { heading, title, detail, action } = words.shell.notFound;
  return (
    <Screen title={heading}>
      <EmptyState
        icon="search"
        title={title}
        detail={detail}
        action={<ButtonLink href={hrefOf('overview')}>{action}</ButtonLink>}
      />
    </Screen>
  );
}

function Stale() {
  const link = connection.value;
  if (link.state !== 'stale') return null;
  return (
    <div class="above">
      <Banner tone="warn" icon="link" title={words.shell.connection.stale(clock(link.since))} />
    </div>
  );
}
