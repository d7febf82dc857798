import type { Snapshot } from '../../app/contract.ts';
import { Button, ButtonLink } from '../components/button.tsx';
import { Banner } from '../components/feedback.tsx';
import { count } from '../format/amount.ts';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';
import { hrefOf } from '../store/route.ts';

/** What a person should know before anything else. */
export function Banners({ snapshot: { endpoint, secretBox, problems } }: { readonly snapshot: Snapshot }) {
  const text = words.overview.banners;
  const port = endpoint.takenPort === null ? undefined : text.port(String(endpoint.takenPort));
  return (
    <>
      {endpoint.isPaused && <Paused />}
      {!endpoint.isPaused && endpoint.url === null && (
        <Banner
          tone="bad"
          title={text.notListening.title}
          actions={
            <ButtonLink size="small" href={hrefOf('doctor')}>
              {text.notListening.action}
            </ButtonLink>
          }
        >
          <p>{text.notListening.detail}</p>
        </Banner>
      )}
      {port && (
        <Banner
          tone="warn"
          title={port.title}
          actions={
            <ButtonLink size="small" href={hrefOf('clients')}>
              {port.action}
            </ButtonLink>
          }
        >
          <p>{port.detail}</p>
        </Banner>
      )}
      {secretBox === 'weak' && (
        <Banner
          tone="warn"
          icon="key"
          title={text.weak.title}
          actions={
            <ButtonLink size="small" href={hrefOf('doctor')}>
              {text.weak.action}
            </ButtonLink>
          }
        >
          <p>{text.weak.detail}</p>
        </Banner>
      )}
      {problems.length > 0 && (
        <Banner tone="warn" title={text.problems.title(problems.length, count(problems.length))}>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Banner>
      )}
    </>
  );
}

function Paused() {
  const text = words.overview.banners.paused;
  const [isBusy, pause] = useAct('endpoint.pause');
  return (
    <Banner
      tone="idle"
      icon="pause"
      title={text.title}
      actions={
        <Button size="small" icon="play" isBusy={isBusy} onClick={() => void pause({ isPaused: false })}>
          {words.overview.endpoint.resume}
        </Button>
      }
    >
      <p>{text.detail}</p>
    </Banner>
  );
}
