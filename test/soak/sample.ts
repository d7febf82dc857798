import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rssKb } from '../bench/process-stat.ts';
import type { EngineProcess } from './engine-process.ts';

/** The engine at a moment. `at` in seconds since the soak began, everything of memory and disk in bytes. */
export interface Sample {
  readonly at: number;
  readonly rss: number;
  /** After the last full collection; null when none ran since the sample before. */
  readonly heap: number | null;
  /** What the heap has taken from the system, used or not. */
  readonly heapTotal: number;
  /** Outside of the heap, for what lies in it: buffers above all. */
  readonly external: number;
  readonly descriptors: number;
  readonly sockets: number;
  readonly threads: number;
  /** What keeps the event loop busy, timers among it. */
  readonly handles: number;
  readonly database: number;
  readonly wal: number;
  /** All other files of the data folder. */
  readonly otherFiles: number;
  /** Requests that clients have sent so far. */
  readonly requests: number;
  /** 99th percentile since the sample before, in ms. */
  readonly delayMs: number;
}

/** Takes a sample from /proc, from the data folder and from the process itself. @throws Error when it is gone, or hangs */
export async function takeSample(
  engine: EngineProcess,
  dataDir: string,
  { at, requests }: Pick<Sample, 'at' | 'requests'>,
): Promise<Sample> {
  const told = await engine.tell();
  if (!told) throw new Error(`the engine does not answer its probe at ${at} s: ${engine.stderr.slice(-2_000)}`);
  const { pid } = engine;
  const files = new Map(readdirSync(dataDir).map((name) => [name, sizeOf(join(dataDir, name))]));
  const database = files.get('usage.db') ?? 0;
  const wal = files.get('usage.db-wal') ?? 0;
  const links = readdirSync(`/proc/${pid}/fd`).map((name) => linkOf(`/proc/${pid}/fd/${name}`));
  return {
    at,
    requests,
    rss: rssKb(pid) * 1024,
    heap: told.heapAfterGc,
    heapTotal: told.heapTotal,
    external: told.external,
    descriptors: links.length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    threads: Number(/^Threads:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    handles: told.handles,
    delayMs: told.delayMs,
    database,
    wal,
    otherFiles: [...files.values()].reduce((sum, size) => sum + size, 0) - database - wal,
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A descriptor may be closed while the folder is read. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
