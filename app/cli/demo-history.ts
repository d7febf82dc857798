import type { Engine } from '../engine.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const days = 30;
const models = ['claude-sonnet-5', 'claude-opus-4.8', 'auto'] as const;
const keys = ['default', 'website', 'api'] as const;

/**
 * Gives the demo a month of made-up requests, so that its charts have something to show. The same on every run of a day, and
 * without chance: it comes from the numbers of the days and requests alone.
 */
export function recordDemoHistory({ history, pool }: Pick<Engine['parts'], 'history' | 'pool'>, now: number): void {
  const accounts = pool.summaries();
  if (accounts.length === 0) return;
  const today = Math.floor(now / dayMs) * dayMs;
  for (let day = days; day >= 1; day -= 1) {
    const start = today - day * dayMs;
    for (let index = 0; index < requestsOf(start); index += 1) {
      const pick = index * 7 + day * 3;
      const chosen = accounts[pick % accounts.length];
      if (!chosen) continue;
      const size = 1 + ((pick * 13) % 17);
      const isFailed = pick % 41 === 0;
      history.record({
        id: `demo_${start / dayMs}_${index}`,
        at: start + 8 * hourMs + index * (20 + (day % 5)) * 60_000,
        key: keys[pick % 5 < 3 ? 0 : (pick % 2) + 1] ?? 'default',
        session: `demo_${start / dayMs}_${Math.floor(index / 5)}`,
        model: models[pick % 4 < 2 ? 0 : (pick % 2) + 1] ?? 'auto',
        account: chosen.id,
        sends: 1,
        outcome: isFailed ? 'model-overloaded' : 'served',
        decision: accounts.map(({ id }) => ({
          account: id,
          chosen: id === chosen.id,
          reason:
            id === chosen.id ? 'its session is on this account' : 'could serve too; its session is on another account',
        })),
        credits: isFailed ? null : size * 0.18,
        contextPercent: isFailed ? null : Math.min(95, 4 + (index % 5) * 9 + size),
        inputTokens: size * 2_100,
        outputTokens: size * 130,
        firstTokenMs: isFailed ? null : 600 + ((pick * 97) % 1_900),
        totalMs: 2_000 + size * 700,
      });
    }
  }
}

/** Fewer at weekends, as people work. */
function requestsOf(start: number): number {
  const weekday = new Date(start).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  return isWeekend ? 4 : 16 + ((start / dayMs) % 7) * 2;
}
