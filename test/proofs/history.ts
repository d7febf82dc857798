/** What a long history costs: to keep, and to ask (DESIGN §8, `usage` and `requests`). */
import { openEngine } from '../../app/engine.ts';
import type { History } from '../../app/usage/history.ts';
import { callHandler } from '../../app/control/answer.ts';
import { controlContract } from '../../app/control/control-contract.ts';
import { command, start } from '../support/command.ts';
import { startHistoryFolder, type HistoryFolder } from './history-folder.ts';
import { figure, quantile, runProof, table, type Finding } from './page.ts';

/** What was measured, in ms and bytes. */
export interface HistoryFigures {
  readonly rows: number;
  readonly bytes: number;
  readonly recordMs: number;
  /** What one request's share of a write costs. */
  readonly writeShareMs: number;
  /** The question alone, in an engine that runs. */
  readonly usageMs: readonly number[];
  readonly requestsMs: readonly number[];
  /** The chart of ninety days, all of it and with the present day alone read anew. */
  readonly chartMs: readonly number[];
  readonly chartAgainMs: readonly number[];
  /** A snapshot of what the screens show at a glance. */
  readonly snapshotMs: readonly number[];
  readonly openMs: readonly number[];
  /** `run()` in this process: opens an engine, asks, prints, closes. */
  readonly usageRunMs: readonly number[];
  readonly requestsRunMs: readonly number[];
  /** The command as a user runs it, from the start of the process to its end. */
  readonly usageCommandMs: readonly number[];
  /** The same for a command that needs no engine. */
  readonly bareCommandMs: readonly number[];
  /** The same while `serve` owns the folder. */
  readonly usageServedMs: readonly number[];
  readonly requestsPrinted: number;
}

/** Fills a folder and measures. @param rounds how often each figure is taken */
export async function proveHistory(rows: number, rounds: number): Promise<HistoryFigures> {
  await using folder = await startHistoryFolder(rows);
  const env = folder.env;
  const times = async (run: () => Promise<unknown>): Promise<number[]> => {
    const spans: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      await run();
      spans.push(performance.now() - startedAt);
    }
    return spans;
  };
  const openMs = await times(async () => (await open(folder)).close());
  const asked = await whileOpen(folder, times);
  const printed = await command(env, 'requests', '--last', '100');
  const isolated = { ...env, PATH: process.env['PATH'] };
  const process_ =
    (...args: string[]) =>
    async (): Promise<void> => {
      await using started = start(isolated, ...args);
      if ((await started.ended) !== 0) throw new Error(started.err());
    };
  const usageCommandMs = await times(process_('usage', '--days', '90', '--json'));
  const bareCommandMs = await times(process_('--version'));
  const usageRunMs = await times(() => command(env, 'usage', '--days', '90'));
  const requestsRunMs = await times(() => command(env, 'requests', '--last', '100'));
  await using serve = start(isolated, 'serve', '--json', '--port', '0');
  await serve.firstLine;
  return {
    rows,
    bytes: folder.bytes,
    recordMs: folder.recordMs.reduce((sum, ms) => sum + ms, 0) / rows,
    writeShareMs: folder.writeMs.reduce((sum, ms) => sum + ms, 0) / rows,
    ...asked,
    openMs,
    usageRunMs,
    requestsRunMs,
    usageCommandMs,
    bareCommandMs,
    usageServedMs: await times(process_('usage', '--days', '90', '--json')),
    requestsPrinted: printed.out.trimEnd().split('\n').length - 1,
  };
}

function open(folder: HistoryFolder): ReturnType<typeof openEngine> {
  return openEngine({ dataDir: folder.file('.'), env: folder.env, log: () => undefined });
}

async function whileOpen(
  folder: HistoryFolder,
  times: (run: () => Promise<unknown>) => Promise<number[]>,
): Promise<Pick<HistoryFigures, 'usageMs' | 'requestsMs' | 'chartMs' | 'chartAgainMs' | 'snapshotMs'>> {
  await using engine = await open(folder);
  const chart = (): Promise<unknown> => callHandler(controlContract, engine.handlers, 'usage.chart', { range: '90d' });
  const { history, live } = engine.parts;
  let number = 0;
  const chartMs = await times(() => {
    // What is over has changed, so that all of it is read.
    history.record(lateRow((number += 1)));
    history.flush();
    return chart();
  });
  return {
    chartMs,
    chartAgainMs: await times(chart),
    snapshotMs: await times(() => {
      live.changed();
      return Promise.resolve(live.current());
    }),
    usageMs: await times(() => callHandler(controlContract, engine.handlers, 'usage', { days: 90 })),
    requestsMs: await times(() => callHandler(controlContract, engine.handlers, 'requests', { last: 100 })),
  };
}

/** A request of two months ago that ended only now. */
function lateRow(number: number): Parameters<History['record']>[0] {
  return {
    id: `late_${number}`,
    at: Date.now() - 60 * 86_400_000,
    key: 'default',
    session: null,
    model: 'auto',
    account: null,
    sends: 0,
    outcome: 'client-left',
    decision: [],
    credits: null,
    contextPercent: null,
    inputTokens: null,
    outputTokens: null,
    firstTokenMs: null,
    totalMs: null,
  };
}

/** What must hold, and the figures. @param slack times the promised spans, for a machine that does other things */
export function historyFinding(found: HistoryFigures, slack = 1): Finding {
  const broken: string[] = [];
  const promise = (what: string, ms: number, most: number): void => {
    if (ms >= most * slack) broken.push(`${what} took ${figure(ms, 2)} ms; ${most} ms are promised`);
  };
  const { rows, bytes, recordMs, writeShareMs, usageMs, requestsMs, openMs, usageRunMs, requestsRunMs } = found;
  promise('usage --days 90', middle(usageMs), 200);
  promise('usage --days 90, with opening and closing the engine,', middle(usageRunMs), 200);
  promise('requests --last 100', middle(requestsMs), 200);
  promise('the chart of 90 days', middle(found.chartMs), 20);
  promise('the chart of 90 days, drawn again,', middle(found.chartAgainMs), 2);
  promise('a snapshot', middle(found.snapshotMs), 1);
  promise('recording a request', recordMs + writeShareMs, 0.1);
  if (found.requestsPrinted !== 100) broken.push(`${found.requestsPrinted} requests were printed`);
  const row = (what: string, spans: readonly number[], promised = '-'): string[] => [
    what,
    figure(middle(spans), 1),
    figure(Math.max(...spans), 1),
    promised,
  ];
  const text = [
    `${figure(rows)} requests over 90 days, of five accounts, four models and three keys, each with its five lines of decision:`,
    `${figure(bytes / 1024 / 1024, 1)} MiB on disk, ${figure(bytes / rows)} bytes a request. Milliseconds on a shared machine; commands run from`,
    'the TypeScript sources.',
    '',
    table(
      ['what', 'median', 'most', 'promise'],
      [
        row('`usage --days 90`: the question, in an engine that runs', usageMs, '< 200'),
        row('`requests --last 100`: the question', requestsMs, '< 200'),
        row('the chart of 90 days (with a request written before)', found.chartMs, '< 20'),
        row('the same, drawn again: between the parts of running answers', found.chartAgainMs, '< 2'),
        row('a snapshot for the tray and the screens: the same', found.snapshotMs, '< 1'),
        row('opening and closing an engine on that folder', openMs),
        row('`usage --days 90`: `run()` with an engine of its own, printed', usageRunMs, '< 200'),
        row('`requests --last 100`: the same', requestsRunMs),
        row('`kiro-pool usage --days 90`: the whole process', found.usageCommandMs),
        row('the same while `serve` owns the folder', found.usageServedMs),
        row('`kiro-pool --version`, for comparison', found.bareCommandMs),
        ['recording one request: in its way', figure(recordMs, 4), '', '< 0.1'],
        ['recording one request: its share of a write of 200, after it', figure(writeShareMs, 4), '', '< 0.1 in all'],
      ],
    ),
  ];
  return { text: text.join('\n'), broken };
}

function middle(spans: readonly number[]): number {
  return quantile(spans, 0.5);
}

if (import.meta.main) {
  await runProof('history', 'A hundred thousand requests of history', async ({ isShort }) =>
    historyFinding(isShort ? await proveHistory(10_000, 3) : await proveHistory(100_000, 9)),
  );
}
