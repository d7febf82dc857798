import { locale } from '../messages/locale.ts';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** Credits at a glance: `1,204`, `38.4`, `0.42`; the less there is, the finer. */
export function credits(amount: number): string {
  const size = Math.abs(amount);
  if (size >= 100 || Number.isInteger(amount)) return whole.format(amount);
  return size >= 10 ? short.format(amount) : fine.format(amount);
}

/** Credits as in a bill, two places always, so that columns line up. */
export function exactCredits(amount: number): string {
  return fine.format(amount);
}
