import type { Snapshot } from '../../app/contract.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';
import { apiUrl, copyKey } from '../store/endpoint.ts';
import { desktop } from '../store/pool.ts';
import { endpointStatus } from '../store/status.ts';

/** Where tools reach the pool, and what they need for that. */
export function EndpointCard({ snapshot }: { readonly snapshot: Snapshot }) {
  const text = words.overview.endpoint;
  const { url, isPaused } = snapshot.endpoint;
  const { tone, icon, text: status } = endpointStatus(snapshot);
  const [isBusy, pause] = useAct('endpoint.pause');
  return (
    <Card
      title={text.title}
      actions={
        <Button
          size="small"
          icon={isPaused ? 'play' : 'pause'}
          isBusy={isBusy}
          onClick={() => void pause({ isPaused: !isPaused })}
        >
          {isPaused ? text.resume : text.pause}
        </Button>
      }
    >
      <p class={`status-line tone-${tone}`}>
        <Icon name={icon} />
        {status}
      </p>
      {url !== null && (
        <div class="endpoint-url">
          <code>{apiUrl(url)}</code>
          <CopyButton label={text.copyUrl} text={apiUrl(url)} isIconOnly />
        </div>
      )}
      <div class="endpoint-foot">
        {desktop.value?.host === 'browser' ? (
          <KeyCommand />
        ) : (
          <CopyButton label={text.copyKey} copy={copyKey} size="small" />
        )}
        <span class="faint small">{text.sealedBy[snapshot.secretBox]}</span>
      </div>
    </Card>
  );
}

/** A browser page must not see keys. */
function KeyCommand() {
  const { keyInTerminal, keyCommand } = words.overview.endpoint;
  return (
    <span class="small">
      <span class="soft">{keyInTerminal}</span> <code class="unbroken">{keyCommand}</code>
    </span>
  );
}
