import { readFileSync, readdirSync } from 'node:fs';

/** A tick of `/proc/<pid>/stat` in µs: 100 a second on every Linux of today. */
const tickUs = 10_000;

/** CPU time of a process with all its threads, in µs, from utime + stime. NaN when there is no such process. */
export function cpuUs(pid: number): number {
  const stat = readProc(pid, 'stat');
  // The program's name in parentheses may hold anything, blanks too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickUs;
}

/** The same from the scheduler's own sums of its living threads, exact where the ticks are too coarse. NaN likewise. */
export function fineCpuUs(pid: number): number {
  const threads = threadsOf(pid);
  const ns = threads.map((id) => Number(/^\d+/.exec(readProc(pid, `task/${id}/schedstat`))?.[0] ?? 0));
  return threads.length === 0 ? Number.NaN : ns.reduce((sum, each) => sum + each, 0) / 1000;
}

/** Resident memory of a process in kB; NaN when there is no such process. */
export function rssKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status'))?.[1]);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
