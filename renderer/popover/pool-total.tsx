import type { Snapshot } from '../../app/contract.ts';
import { paceText, poolSupply, supplySpoken } from '../account/supply.ts';
import { Meter } from '../components/meter.tsx';
import { credits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { nowRoughly } from '../store/clock.ts';

/** All accounts together: what is left, and how long it lasts. */
export function PoolTotal({ pool }: { readonly pool: Snapshot['pool'] }) {
  const text = words.popover;
  const supply = poolSupply(pool);
  return (
    <section class="popover-pool" aria-label={text.pool}>
      <p class="credits-line">
        <span class="figure number">
          {supply.type === 'limited' ? text.poolLeft(credits(supply.left)) : text.poolUsed(credits(pool.used))}
        </span>
        <span class={pool.runsOutAt === null ? 'soft small' : 'tone-warn small'}>
          {paceText(supply, pool, nowRoughly.value)}
        </span>
      </p>
      <Meter
        label={words.overview.pool.label}
        share={supply.type === 'limited' ? supply.used / supply.limit : undefined}
        text={supplySpoken(supply)}
        tone={pool.runsOutAt === null ? 'accent' : 'warn'}
      />
    </section>
  );
}
