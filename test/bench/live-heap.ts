import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The variable that names the file to a process with the probe (`heap-probe.ts`). */
export const heapVariable = 'KIRO_POOL_BENCH_HEAP';

/** What is alive in a process with the probe, in MB, once all garbage is collected. @throws Error when it does not say */
export async function liveHeapOf(pid: number, heapFile: string): Promise<number> {
  rmSync(heapFile, { force: true });
  process.kill(pid, 'SIGUSR2');
  for (let tries = 0; tries < 200; tries += 1) {
    if (existsSync(heapFile)) return Number(readFileSync(heapFile, 'utf8'));
    await sleep(50);
  }
  throw new Error('The process did not tell its memory');
}
