/** What the screens know: one snapshot of the pool, one description of the shell, and whether both still hold. */
import { computed, signal } from '@preact/signals';
import type { DesktopInfo, Snapshot } from '../../app/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import type { Link } from '../bridge/screen-bridge.ts';

const known = signal<Snapshot | undefined>(undefined);
const shellKnown = signal<DesktopInfo | undefined>(undefined);
/** When the link was lost, epoch ms. */
const lostAt = signal<number | undefined>(undefined);
const isOverdue = signal(false);
/** Of the newest snapshot; none after a lost link, since a process that was started anew counts from one again. */
let seenRevision = -1;

/** The newest snapshot; undefined until the first one came. */
export const snapshot = computed(() => known.value);
/** The shell around the screens; undefined until it has told. */
export const desktop = computed(() => shellKnown.value);

export type Connection =
  /** No snapshot yet; `isSlow` when that takes longer than it should. */
  | { readonly state: 'loading'; readonly isSlow: boolean }
  | { readonly state: 'live' }
  /** There is a snapshot, and it may be old. @property since epoch ms */
  | { readonly state: 'stale'; readonly since: number }
  /** There never was a snapshot, and nothing answers. */
  | { readonly state: 'offline' };

export const connection = computed((): Connection => {
  const hasSnapshot = known.value !== undefined;
  const since = lostAt.value;
  if (since === undefined) return hasSnapshot ? { state: 'live' } : { state: 'loading', isSlow: isOverdue.value };
  return hasSnapshot ? { state: 'stale', since } : { state: 'offline' };
});

/** An answer, or its absence, says as much about the link as a push. */
export function noteLink(link: Link): void {
  if (link === 'connected') lostAt.value = undefined;
  else lostAt.value ??= Date.now();
}

const slowAfterMs = 5000;

/** Begins to listen, once for each window. */
export function connect(): void {
  bridge.on('snapshot', (next) => {
    noteLink('connected');
    if (next.rev <= seenRevision) return;
    seenRevision = next.rev;
    known.value = next;
  });
  bridge.on('desktop', (next) => {
    shellKnown.value = next;
  });
  bridge.onLink?.((link) => {
    if (link === 'lost') seenRevision = -1;
    noteLink(link);
  });
  void askForShell();
  setTimeout(() => {
    isOverdue.value = true;
  }, slowAfterMs);
}

async function askForShell(): Promise<void> {
  const reply = await bridge.ask('desktop.info', {});
  if (reply.ok) shellKnown.value = reply.result;
}
