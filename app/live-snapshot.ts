import { problemsOf, type Condition } from './condition.ts';
import type { Snapshot } from './contract.ts';
import { poolPace } from './pool-pace.ts';
import type { Pool } from './pool/pool.ts';
import { strategyChoices } from './pool/strategy.ts';
import type { SecretBox } from './store/secret-box.ts';
import type { SettingsFile } from './store/settings-file.ts';
import type { RecentDays } from './usage/recent-days.ts';
import type { RecentRequests } from './usage/recent-requests.ts';
import { version } from './version.ts';

/** The parts of an engine that a snapshot shows. */
export interface SnapshotSources {
  readonly pool: Pool;
  readonly settings: SettingsFile;
  readonly box: SecretBox;
  readonly recentDays: RecentDays;
  readonly recentRequests: RecentRequests;
  readonly condition: Condition;
}

/**
 * Puts a snapshot together. Asks memory alone, so that it may run between the parts of an answer.
 * @param now epoch ms
 */
export function liveSnapshot(sources: SnapshotSources, now: number): Omit<Snapshot, 'rev'> {
  const { pool, settings, box, recentDays, recentRequests, condition } = sources;
  return {
    at: now,
    version,
    endpoint: { url: condition.url, takenPort: condition.takenPort, isPaused: settings.get('paused') },
    secretBox: box.strength,
    strategy: { name: settings.get('strategy'), choices: strategyChoices() },
    pinned: settings.get('pinned') ?? null,
    ...poolPace(pool.summaries(), recentDays, now),
    requests: [...recentRequests.list()],
    problems: problemsOf(sources),
    hasAcceptedRisks: settings.get('hasAcceptedRisks'),
    theme: settings.get('theme'),
  };
}
