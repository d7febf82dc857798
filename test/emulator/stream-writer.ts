import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { cutFrames, type Chunking } from './chunking.ts';
import type { Fault } from './faults.ts';
import { corruptFrame, encodeFrame, exceptionEvent, giantPrelude, type StreamEvent } from './frames.ts';
import type { JournalEntry } from './journal.ts';
import type { Random } from './random.ts';

/** How a stream is written. Times in ms. */
export interface WriteOptions {
  readonly chunking: Chunking;
  readonly random: Random;
  readonly eventDelayMs: number;
  readonly fault: Fault | undefined;
  readonly signal: AbortSignal;
}

/** Something to do in the stream after the frames before it. */
type Step = { readonly bytes: Buffer } | { readonly act: 'reset' | 'hang' } | { readonly wait: number };

/** Writes events as frames, with the fault where it belongs. Ends or destroys the response. Resolves when done or left alone. */
export async function writeEvents(
  response: ServerResponse,
  events: readonly StreamEvent[],
  entry: JournalEntry,
  options: WriteOptions,
): Promise<void> {
  const { signal } = options;
  const pause = options.fault?.kind === 'slow' ? options.fault.ms : options.eventDelayMs;
  const isWhole = options.chunking === 'whole' && pause === 0;
  let waiting: Buffer[] = [];
  const flush = async (): Promise<void> => {
    for (const chunk of cutFrames(waiting, options.chunking, options.random)) {
      if (signal.aborted) return;
      await writeChunk(response, chunk, entry, signal);
    }
    waiting = [];
  };
  for (const step of planSteps(events, options.fault)) {
    if (signal.aborted) return;
    if ('bytes' in step) {
      waiting.push(step.bytes);
      entry.events += 1;
      // Gathering a few frames lets chunks span frames; a whole answer gathers all of them.
      if (!isWhole && (pause > 0 || waiting.length >= 4)) await flush();
      if (pause > 0) await rest(pause, signal);
      continue;
    }
    await flush();
    if ('wait' in step) await rest(step.wait, signal);
    else if (step.act === 'hang') return await untilAborted(signal);
    else {
      await drained(response, signal);
      response.destroy();
      return;
    }
  }
  await flush();
  if (!signal.aborted) response.end();
}

/** Writes raw bytes as the whole answer. */
export async function writeRaw(
  response: ServerResponse,
  bytes: Uint8Array,
  entry: JournalEntry,
  signal: AbortSignal,
): Promise<void> {
  await writeChunk(response, Buffer.from(bytes), entry, signal);
  if (!signal.aborted) response.end();
}

/** Resolves when the client is gone. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Waits, or until the client is gone. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function planSteps(events: readonly StreamEvent[], fault: Fault | undefined): Step[] {
  const kept = fault?.kind === 'no-metadata' ? events.filter((message) => !isMetadata(message)) : events;
  const steps = kept.map((message): Step => ({ bytes: encodeFrame(message) }));
  switch (fault?.kind) {
    case 'empty':
      return [];
    case 'exception-frame': {
      const frame = encodeFrame(exceptionEvent(fault.exception, objectBody(fault.body)));
      return [...steps.slice(0, fault.afterEvents ?? 0), { bytes: frame }];
    }
    case 'reset':
      return [...steps.slice(0, fault.afterEvents ?? 0), { act: 'reset' }];
    case 'truncate': {
      const next = steps[fault.afterEvents];
      const half =
        fault.midFrame === true && next !== undefined && 'bytes' in next ? [{ bytes: next.bytes.subarray(0, -9) }] : [];
      return [...steps.slice(0, fault.afterEvents), ...half];
    }
    case 'bad-crc':
      return steps.map((step, index) =>
        index === fault.atEvent && 'bytes' in step ? { bytes: corruptFrame(step.bytes) } : step,
      );
    case 'stall': {
      // A stall without a place was already suffered before the answer began.
      if (fault.afterEvents === undefined) return steps;
      const at = fault.afterEvents;
      return [...steps.slice(0, at), fault.ms === undefined ? { act: 'hang' } : { wait: fault.ms }, ...steps.slice(at)];
    }
    case 'giant-frame': {
      const prelude = giantPrelude(fault.announcedBytes ?? 64 * 1024 * 1024);
      return [...steps.slice(0, fault.afterEvents ?? 0), { bytes: Buffer.concat([prelude, Buffer.alloc(4096)]) }];
    }
    case undefined:
    case 'http':
    case 'slow':
    case 'no-metadata':
    case 'html-block':
    case 'response-lost':
      return steps;
  }
}

function isMetadata(message: StreamEvent): boolean {
  const type = message.headers[':event-type'];
  return type === 'contextUsageEvent' || type === 'meteringEvent' || type === 'metadataEvent';
}

function objectBody(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : { message: 'Encountered an unexpected error' };
}

async function writeChunk(
  response: ServerResponse,
  chunk: Buffer,
  entry: JournalEntry,
  signal: AbortSignal,
): Promise<void> {
  entry.bytes += chunk.length;
  if (response.write(chunk)) return;
  // Back-pressure: a client that reads slowly is waited for.
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Lets what was written reach the client before the socket is destroyed. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  do await rest(2, signal);
  while (response.writableLength > 0 && !signal.aborted);
}
