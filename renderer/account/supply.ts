import type { Snapshot, SnapshotAccount } from '../../app/contract.ts';
import type { Tone } from '../components/meter.tsx';
import { credits } from '../format/credits.ts';
import { moment } from '../format/time.ts';
import { words } from '../messages/words.ts';

/** What an account has to spend, plan, trial and bonuses together. Amounts are credits. */
export type Supply =
  | { readonly type: 'unknown' }
  | { readonly type: 'unlimited'; readonly used: number }
  | { readonly type: 'limited'; readonly used: number; readonly limit: number; readonly left: number };

export function supplyOf({ credits: known }: Pick<SnapshotAccount, 'credits'>): Supply {
  if (known === null) return { type: 'unknown' };
  if (known.limit === null) return { type: 'unlimited', used: known.used };
  const limit = known.extras.reduce((sum, extra) => sum + extra.limit, known.limit);
  const left = Math.max(0, known.left ?? known.limit - known.used);
  return { type: 'limited', used: Math.max(0, limit - left), limit, left };
}

/** The pool as one supply; unlimited where no total can be told. */
export function poolSupply({ used, limit, left }: Snapshot['pool']): Supply {
  if (limit === null || left === null || limit === 0) return { type: 'unlimited', used };
  return { type: 'limited', used: Math.max(0, limit - left), limit, left };
}

/** A bar turns to a warning when a tenth is left, or when it will not last. */
export function supplyTone(supply: Supply, runsOutAt: number | null): Tone {
  if (supply.type !== 'limited') return 'accent';
  if (supply.left === 0) return 'idle';
  return supply.left / supply.limit <= 0.1 || runsOutAt !== null ? 'warn' : 'accent';
}

/** "Lasts to reset" or "Runs out Friday", from the pace of the last week; without a limit the pace alone. */
export function paceText(
  supply: Supply,
  { perDay, runsOutAt }: { readonly perDay: number; readonly runsOutAt: number | null },
  now: number,
): string {
  const { pace } = words.account;
  if (runsOutAt !== null) return pace.runsOut(moment(runsOutAt, now));
  if (supply.type !== 'limited' && perDay > 0) return pace.perDay(credits(perDay));
  return perDay > 0 ? pace.lasts : pace.unused;
}

/** What a screen reader says of the bar. */
export function supplySpoken(supply: Supply): string {
  const text = words.account.credits;
  switch (supply.type) {
    case 'unknown':
      return text.unknown;
    case 'unlimited':
      return text.usedNoLimit(credits(supply.used));
    case 'limited':
      return text.spoken(credits(supply.used), credits(supply.limit));
  }
}
