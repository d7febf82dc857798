import type { Snapshot } from '../../app/contract.ts';
import type { IconName } from '../components/icon.tsx';
import type { Tone } from '../components/meter.tsx';
import { count } from '../format/amount.ts';
import { words } from '../messages/words.ts';

/** What the endpoint does, the same in every window. */
export function endpointStatus({ endpoint }: Snapshot): {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: string;
} {
  const { status } = words.shell;
  if (endpoint.isPaused) return { tone: 'idle', icon: 'pause', text: status.paused };
  if (endpoint.url === null) return { tone: 'bad', icon: 'alert', text: status.notServing };
  return { tone: 'good', icon: 'verified', text: status.serving(new URL(endpoint.url).host) };
}

/** How many accounts can serve, as the tray says it. */
export function readyLine({ accounts }: Snapshot): string {
  if (accounts.length === 0) return words.shell.status.noAccount;
  const ready = accounts.filter(({ state }) => state.name === 'ready').length;
  return words.shell.status.ready(count(ready), count(accounts.length));
}
