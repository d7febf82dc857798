import { locale } from '../messages/locale.ts';
import { words } from '../messages/words.ts';
import { count } from './amount.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const clockFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const preciseFormat = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const weekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const utcDayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const utcWeekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
const fullFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** A span as people say it, one unit: `3 d`, `5 h`, `12 min`, `40 s`. */
export function span(ms: number): string {
  const units = words.common.span;
  if (ms >= 2 * dayMs) return units.days(count(Math.round(ms / dayMs)));
  if (ms >= 1.5 * hourMs) return units.hours(count(Math.round(ms / hourMs)));
  if (ms >= minuteMs) return units.minutes(count(Math.round(ms / minuteMs)));
  return units.seconds(count(Math.max(0, Math.ceil(ms / secondMs))));
}

/** What is left, as a clock counts down: `4:05`, `1:02:09`; beyond a day `3 d`. */
export function countdown(ms: number): string {
  if (ms >= dayMs) return span(ms);
  const total = Math.max(0, Math.ceil(ms / secondMs));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `just now`, `4 min ago`, `in 3 d`. */
export function relative(at: number, now: number): string {
  const ms = at - now;
  // The clock that is drawn by is up to a quarter of a minute late: what has just happened may lie ahead of it.
  if (ms <= 15 * secondMs && ms > -minuteMs) return words.common.justNow;
  return ms > 0 ? words.common.in(span(ms)) : words.common.ago(span(-ms));
}

/** `14:05` */
export function clock(at: number): string {
  return clockFormat.format(at);
}

/** `14:05:09` */
export function preciseClock(at: number): string {
  return preciseFormat.format(at);
}

/** `14:05:09` today, `11 Nov, 14:05` on another day: what tells apart the lines of a list. */
export function listed(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? preciseClock(at) : `${day(at)}, ${clock(at)}`;
}

/** `12 Nov`, in the user's time zone */
export function day(at: number): string {
  return dayFormat.format(at);
}

/** The day of a bucket that is a UTC day. */
export function utcDay(at: number): string {
  return utcDayFormat.format(at);
}

/** Everything, for a title: `12 Nov 2026, 14:05:09`. */
export function fullTime(at: number): string {
  return fullFormat.format(at);
}

/** A moment as it is said now: `14:05` within a day, `Friday` within a week, else `12 Nov`. */
export function moment(at: number, now: number): string {
  const ms = at - now;
  if (Math.abs(ms) < dayMs / 2) return clock(at);
  return ms > 0 && ms < 6 * dayMs ? weekdayFormat.format(at) : day(at);
}

/** `Wed` of a bucket that is a UTC day. */
export function utcWeekday(at: number): string {
  return utcWeekdayFormat.format(at);
}
