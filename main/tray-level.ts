import type { Snapshot } from '../app/contract.ts';

/** What the tray's icon tells, by its shape: all can serve, some cannot now, or nothing can. */
export type TrayLevel = 'fine' | 'low' | 'empty';

/** An account that the user paused is out by choice, and worries nobody. */
export function trayLevel({ accounts, endpoint }: Snapshot): TrayLevel {
  const wanted = accounts.filter(({ state }) => state.name !== 'disabled');
  const ready = wanted.filter(({ state }) => state.name === 'ready').length;
  if (endpoint.isPaused || endpoint.url === null || ready === 0) return 'empty';
  return ready < wanted.length ? 'low' : 'fine';
}
