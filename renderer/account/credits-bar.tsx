import type { SnapshotAccount } from '../../app/contract.ts';
import { Meter } from '../components/meter.tsx';
import { RelativeTime } from '../components/moment.tsx';
import { credits } from '../format/credits.ts';
import { utcDay } from '../format/time.ts';
import { words } from '../messages/words.ts';
import { nowRoughly } from '../store/clock.ts';
import { paceText, supplyOf, supplySpoken, supplyTone, type Supply } from './supply.ts';

/** What an account has left, the bar, and how long that lasts. */
export function CreditsBar({ account }: { readonly account: SnapshotAccount }) {
  const supply = supplyOf(account);
  return (
    <div class="credits">
      <p class="credits-line">
        <Left supply={supply} />
      </p>
      <Meter
        label={words.account.credits.label(account.label)}
        share={supply.type === 'limited' ? supply.used / supply.limit : undefined}
        text={supplySpoken(supply)}
        tone={supplyTone(supply, account.runsOutAt)}
      />
      <Pace account={account} supply={supply} />
    </div>
  );
}

function Left({ supply }: { readonly supply: Supply }) {
  const text = words.account.credits;
  switch (supply.type) {
    case 'unknown':
      return <span class="soft">{text.unknown}</span>;
    case 'unlimited':
      return <span>{text.usedNoLimit(credits(supply.used))}</span>;
    case 'limited':
      return (
        <>
          <span class="strong number">{text.left(credits(supply.left))}</span>
          <span class="soft number">{text.used(credits(supply.used), credits(supply.limit))}</span>
        </>
      );
  }
}

function Pace({ account, supply }: { readonly account: SnapshotAccount; readonly supply: Supply }) {
  const resetAt = account.credits?.resetAt ?? null;
  const isOut = supply.type === 'limited' && supply.left === 0;
  if (supply.type === 'unknown') return null;
  return (
    <p class="credits-line small">
      <span class={account.runsOutAt === null ? 'soft' : 'tone-warn'}>
        {isOut
          ? account.overage.isAllowed
            ? words.account.overage.now
            : words.account.states.exhausted
          : paceText(supply, account, nowRoughly.value)}
      </span>
      {resetAt !== null && (
        <span class="soft">
          {words.account.credits.resetsBefore} <RelativeTime at={resetAt} />
        </span>
      )}
    </p>
  );
}

/** Trial and bonus credits beside the plan's, one line each. */
export function Extras({ account }: { readonly account: SnapshotAccount }) {
  const extras = account.credits?.extras ?? [];
  if (extras.length === 0) return null;
  const text = words.account.credits;
  return (
    <ul class="extras soft">
      {extras.map(({ name, used, limit, endsAt }) => (
        <li key={name}>
          {text.extra(name, credits(Math.max(0, limit - used)), credits(limit))}
          {endsAt !== null && `, ${text.extraEnds(utcDay(endsAt))}`}
        </li>
      ))}
    </ul>
  );
}
