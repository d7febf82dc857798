import { locale } from '../messages/locale.ts';

const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
const seconds = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** A count: `12,480`. */
export function count(value: number): string {
  return plain.format(value);
}

/** A count where there is little room: `12.5K`. */
export function shortCount(value: number): string {
  return compact.format(value);
}

/** @param value percentage 0-100 */
export function percent(value: number): string {
  return share.format(value / 100);
}

/** How long something took: `840 ms`, `2.4 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${plain.format(ms)} ms` : `${seconds.format(ms / 1000)} s`;
}

/** Money that Kiro charged, in its own currency. */
export function money(value: number, currency: string | null): string {
  if (currency === null) return exact.format(value);
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(value);
}

const exact = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
