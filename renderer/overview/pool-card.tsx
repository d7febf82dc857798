import type { Snapshot } from '../../app/contract.ts';
import { paceText, poolSupply, supplySpoken } from '../account/supply.ts';
import { Card } from '../components/card.tsx';
import { Meter } from '../components/meter.tsx';
import { credits } from '../format/credits.ts';
import { count } from '../format/amount.ts';
import { words } from '../messages/words.ts';
import { nowRoughly } from '../store/clock.ts';
import { readyLine } from '../store/status.ts';

/** All accounts together, and how long what is left will last. */
export function PoolCard({ snapshot, snapshot: { accounts, pool } }: { readonly snapshot: Snapshot }) {
  const text = words.overview.pool;
  const supply = poolSupply(pool);
  const inFlight = accounts.reduce((sum, account) => sum + account.inFlight, 0);
  return (
    <Card title={text.title} actions={<span class="soft">{readyLine(snapshot)}</span>}>
      <p class="pool-figure">
        <span class="number">{credits(supply.type === 'limited' ? supply.left : pool.used)}</span>{' '}
        <span>{supply.type === 'limited' ? text.left : text.used}</span>
      </p>
      <Meter
        label={text.label}
        share={supply.type === 'limited' ? supply.used / supply.limit : undefined}
        text={supplySpoken(supply)}
        tone={pool.runsOutAt === null ? 'accent' : 'warn'}
      />
      <p class="credits-line small">
        <span class="soft number">
          {supply.type === 'limited'
            ? text.of(credits(supply.used), credits(supply.limit))
            : accounts.length > 0 && noTotal(accounts)}
        </span>
        {inFlight > 0 && <span class="soft">{text.inFlight(inFlight, count(inFlight))}</span>}
      </p>
      {accounts.length > 0 && (
        <p class="pool-forecast">
          <span class={pool.runsOutAt === null ? 'strong' : 'strong tone-warn'}>
            {paceText(supply, pool, nowRoughly.value)}
          </span>
          {supply.type === 'limited' && pool.perDay > 0 && (
            <span class="soft"> · {text.perDay(credits(pool.perDay))}</span>
          )}
        </p>
      )}
    </Card>
  );
}

function noTotal(accounts: Snapshot['accounts']): string {
  const text = words.overview.pool;
  return accounts.some((account) => account.credits === null) ? text.unknown : text.noLimit;
}
