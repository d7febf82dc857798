/** Text for people: tables, amounts and times, in the user's own language settings where it matters. */
import { plainLine } from '../conversation/plain-line.ts';

/** Lines up rows under their headings; the last column is as wide as it likes. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    oneLine(
      cells
        .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    );
  return [headings, ...rows].map(line).join('');
}

/** One line of text from outside, such as a label or what Kiro said: it can neither forge a line nor steer the terminal. */
export function oneLine(text: string): string {
  return `${plainLine(text)}\n`;
}

export function credits(amount: number | null): string {
  return amount === null ? '-' : new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(amount);
}

/** `in 3 d`, `in 20 min`, `now`. Times are epoch ms. */
export function until(at: number | null, now: number): string {
  if (at === null) return '-';
  const minutes = Math.ceil((at - now) / 60_000);
  if (minutes <= 0) return 'now';
  if (minutes < 120) return `in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} d`;
}

/** `2026-11-23 12:00:00`, in the user's own time zone. */
export function clock(at: number): string {
  // Sweden writes days and times as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

/** How long credits last, in words: `lasts to its reset`, `runs out Friday`. Times are epoch ms. */
export function pace(
  supply: { left: number | null; resetAt: number | null; perDay: number; runsOutAt: number | null },
  now: number,
): string {
  const { left, resetAt, perDay, runsOutAt } = supply;
  if (left === 0) return 'used up';
  if (runsOutAt !== null) return `runs out ${day(runsOutAt, now)}`;
  if (perDay <= 0 || left === null) return '-';
  return resetAt === null ? 'lasts' : 'lasts to its reset';
}

/** `today`, `Friday`, `12 Dec`: in the user's own time zone. */
function day(at: number, now: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return 'today';
  const isThisWeek = at - now < 6 * 86_400_000;
  return new Intl.DateTimeFormat('en-GB', isThisWeek ? { weekday: 'long' } : { day: 'numeric', month: 'short' }).format(
    date,
  );
}
