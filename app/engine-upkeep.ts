import type { EngineParts } from './engine-parts.ts';
import { describe } from './log.ts';
import { isHeld } from './pool/choice.ts';

const everyMs = 30 * 60_000;

/**
 * Asks for catalogues and credits ahead of the first request, and again as they age; an idle login is refreshed on the way, so
 * that it never goes stale. Ends when disposed of, after the question that runs.
 */
export function keepUpToDate(
  { pool, accounts, history, log }: Pick<EngineParts, 'pool' | 'accounts' | 'history' | 'log'>,
  now: () => number,
): Disposable {
  let hasEnded = false;
  const refresh = async (): Promise<void> => {
    history.prune(now());
    for (const { id } of accounts.list()) {
      const state = accounts.get(id)?.state;
      if (hasEnded) return;
      // Only the user brings these back, and until then Kiro is not asked in their name (DESIGN promise 2).
      if (!state || isHeld(state)) continue;
      await pool.link.catalogue(id).catch(() => undefined);
      await pool.refreshUsage(id).catch((error: unknown) => {
        if (!hasEnded) log.info('usage.unknown', { account: id, error: describe(error) });
      });
    }
  };
  const run = (): void => {
    refresh().catch((error: unknown) => log.error('upkeep.failed', { error: describe(error) }));
  };
  const timer = setInterval(run, everyMs);
  timer.unref();
  run();
  return {
    [Symbol.dispose]() {
      hasEnded = true;
      clearInterval(timer);
    },
  };
}
