import { Connection, type Target } from './connection.ts';
import { fineCpuUs } from './process-stat.ts';
import { median } from './statistics.ts';
import { firstTokenMs } from './running-streams.ts';

export interface InTurn {
  readonly target: Target;
  /** The upstream itself. */
  readonly direct: Target;
  /** Requests that count; a third as many come before them, to warm up. */
  readonly count: number;
}

/**
 * Asks the target and the upstream itself in alternation, so that both see the same machine. Times are to the first token, in ms:
 * `whole` is the median, `added` how much of it is the target's, `leastAdded` the same of the shortest ones, to which the machine
 * added least. `cpuMs` is the target's CPU time a request.
 */
export async function askInTurn(
  { target, direct, count }: InTurn,
  bodyOf: (n: number) => Buffer,
): Promise<{ whole: number; added: number; leastAdded: number; cpuMs: number }> {
  using through = await Connection.open(target);
  using straight = await Connection.open(direct);
  const times: number[] = [];
  const directTimes: number[] = [];
  let cpuBefore = 0;
  for (let n = -Math.ceil(count / 3); n < count; n += 1) {
    if (n === 0) cpuBefore = fineCpuUs(target.pid);
    const body = bodyOf(n);
    const directMs = await firstTokenMs(straight, body);
    const ms = await firstTokenMs(through, body);
    if (n < 0) continue;
    directTimes.push(directMs);
    times.push(ms);
  }
  const whole = median(times);
  return {
    whole,
    added: whole - median(directTimes),
    leastAdded: Math.min(...times) - Math.min(...directTimes),
    cpuMs: (fineCpuUs(target.pid) - cpuBefore) / 1000 / count,
  };
}
