import type { AccountKind, Family, IssuedTokens } from './families.ts';
import type { Exchange } from './exchange.ts';
import { faultRefusal } from './faults.ts';
import type { Refusal } from './refusal.ts';
import { rest, untilAborted } from './stream-writer.ts';
import type { World } from './world.ts';

/** How one endpoint says that a refresh token is no good. */
export interface RefreshManners {
  readonly kinds: readonly AccountKind[];
  readonly refuse: (rule: string, family: Family | undefined) => Refusal;
  readonly answer: (tokens: IssuedTokens, family: Family) => object;
}

/** Spends a refresh token and answers with the new pair: rotation, reuse and lost answers are alike for all kinds (protocol §2.5). */
export async function spendRefreshToken(
  exchange: Exchange,
  world: World,
  refreshToken: string,
  manners: RefreshManners,
): Promise<void> {
  const family = world.families.familyOf(refreshToken);
  if (family !== undefined) exchange.entry.account = family.accountId;
  if (family === undefined) throw manners.refuse('refresh-token-unknown', family);
  if (!manners.kinds.includes(family.kind)) throw manners.refuse('refresh-token-kind', family);

  const fault = world.faults.take({ on: 'refresh', account: family.accountId });
  if (
    await exchange.suffer(fault, async (ms) =>
      ms === undefined ? untilAborted(exchange.signal) : rest(ms, exchange.signal),
    )
  )
    return;
  const injected = fault === undefined ? undefined : faultRefusal(fault);
  if (injected !== undefined) throw injected;

  const outcome = world.families.rotate(refreshToken);
  const statistics = world.journal.of(family.accountId);
  if (outcome.outcome === 'reused') {
    statistics.reusedRefreshTokens += 1;
    throw manners.refuse('refresh-token-reused', family);
  }
  if (outcome.outcome !== 'rotated') throw manners.refuse('refresh-token-revoked', family);
  statistics.refreshes += 1;
  if (fault?.kind === 'response-lost') {
    statistics.lostRotations += 1;
    exchange.vanish('fault');
    return;
  }
  exchange.reply(200, manners.answer(outcome.tokens, family));
}

/** Seconds of life of a fresh token. */
export function lifeSeconds(tokens: IssuedTokens, now: number): number {
  return Math.max(0, Math.round((tokens.expiresAt - now) / 1000));
}
