import type { EngineParts } from './engine-parts.ts';
import type { RequestRecord } from './proxy/exchange.ts';
import type { RequestRow } from './usage/request-row.ts';

/** Keeps a request that is over: in the log, in the history, and in what is shown at a glance. */
export function keepRequest(
  record: RequestRecord,
  { history, log, recentDays, recentRequests, live }: EngineParts,
): void {
  log.debug('request', logFieldsOf(record));
  const row = rowOf(record);
  history.record(row);
  recentDays.note(row);
  recentRequests.add(row);
  live.changed();
}

function rowOf(record: RequestRecord): RequestRow {
  return {
    ...record,
    account: record.account ?? null,
    credits: record.credits ?? null,
    contextPercent: record.contextPercent ?? null,
    inputTokens: record.inputTokens ?? null,
    outputTokens: record.outputTokens ?? null,
    firstTokenMs: record.firstTokenMs ?? null,
  };
}

function logFieldsOf(record: RequestRecord): Record<string, string | number | undefined> {
  const { id, key, model, account, sends, outcome, credits, firstTokenMs, totalMs } = record;
  return { id, key, model, account, sends, outcome, credits, firstTokenMs, totalMs };
}
