import { useState } from 'preact/hooks';
import type { RequestView } from '../../app/contract.ts';
import type { Failure } from '../bridge/screen-bridge.ts';
import { useAsk } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';

const firstPage = 100;
/** The engine tells no more at once. */
const mostAsked = 10_000;

export interface RequestLog {
  /** The newest first: those that the snapshot brings as they happen, and older ones that were asked for. */
  readonly requests: readonly RequestView[];
  readonly isLoading: boolean;
  readonly error: Failure | undefined;
  readonly hasOlder: boolean;
  readonly showOlder: () => void;
  readonly reload: () => void;
}

export function useRequests(): RequestLog {
  const [last, setLast] = useState(firstPage);
  const [asked, reload] = useAsk('requests', { last });
  const older = asked.state === 'loading' ? undefined : asked.value;
  return {
    requests: merged(snapshot.value?.requests ?? [], older ?? []),
    isLoading: asked.state === 'loading' || (asked.state === 'ready' && asked.isRefreshing),
    error: asked.state === 'failed' ? asked.error : undefined,
    hasOlder: older !== undefined && older.length >= last && last < mostAsked,
    showOlder: () => setLast((before) => Math.min(mostAsked, before * 3)),
    reload,
  };
}

/** A snapshot tells more of a request than was asked for earlier, never less. */
function merged(live: readonly RequestView[], older: readonly RequestView[]): readonly RequestView[] {
  const byId = new Map([...older, ...live].map((request) => [request.id, request]));
  return [...byId.values()].toSorted((a, b) => b.at - a.at);
}
