/** How long credits last at the present pace. Times are epoch ms, amounts credits. */
export interface Forecast {
  /** Credits a day, from the days that were looked at. */
  readonly perDay: number;
  /** When the credits run out at that pace; null when they do not before their reset, or not within a year. */
  readonly runsOutAt: number | null;
}

export interface Supply {
  /** Credits left; null when not known or without a limit. */
  readonly left: number | null;
  /** When they are reset; null when not known. */
  readonly resetAt: number | null;
}

const dayMs = 86_400_000;
/** The pace is that of the last week, weekend included. */
const windowDays = 7;
/** No pace is known well enough to look further ahead. */
const horizonMs = 365 * dayMs;
/** A first request minutes ago says little about a day. */
const shortestSpanDays = 0.25;

/**
 * Forecasts from the credits spent on each of the last days (UTC), today's being a part of a day.
 * @param days credits by day, the newest last, today included; more than a week tells how long there have been any
 */
export function forecast(days: readonly number[], supply: Supply, now: number): Forecast {
  const week = days.slice(-windowDays);
  const isNew = days.slice(0, -windowDays).every((credits) => credits === 0);
  // Days before the first use say nothing about the pace.
  const first = isNew ? week.findIndex((credits) => credits > 0) : 0;
  const used = first === -1 ? [] : week.slice(first);
  const todayShare = (now % dayMs) / dayMs;
  const span = Math.max(used.length - 1 + todayShare, shortestSpanDays);
  const perDay = used.reduce((sum, credits) => sum + credits, 0) / span;
  if (supply.left === null || perDay <= 0) return { perDay, runsOutAt: null };
  const leftMs = (supply.left / perDay) * dayMs;
  const isReset = supply.resetAt !== null && now + leftMs >= supply.resetAt;
  return { perDay, runsOutAt: isReset || leftMs > horizonMs ? null : Math.round(now + leftMs) };
}
