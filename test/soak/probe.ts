/** Loaded into the engine before it starts: tells its parent what only the process itself knows. Keeps nothing alive. */
import { PerformanceObserver, constants, monitorEventLoopDelay } from 'node:perf_hooks';
import * as v from 'valibot';

/** A full collection, as the observer tells of it. */
const collection = v.object({ detail: v.object({ kind: v.literal(constants.NODE_PERFORMANCE_GC_MAJOR) }) });

let heapAfterGc: number | null = null;
const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

new PerformanceObserver((list) => {
  const isMajor = list.getEntries().some((entry) => v.is(collection, entry));
  if (isMajor) heapAfterGc = process.memoryUsage().heapUsed;
}).observe({ entryTypes: ['gc'] });

process.on('message', () => {
  const { heapTotal, external } = process.memoryUsage();
  process.send?.({
    heapAfterGc,
    heapTotal,
    external,
    handles: process.getActiveResourcesInfo().length,
    delayMs: delay.percentile(99) / 1e6,
  });
  heapAfterGc = null;
  delay.reset();
});
process.channel?.unref();
