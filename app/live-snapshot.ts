import type { Snapshot } from './contract.ts';
import type { EngineParts } from './engine-parts.ts';
import { poolPace } from './pool-pace.ts';
import { strategyChoices } from './pool/strategy.ts';
import type { SettingsFile } from './store/settings-file.ts';
import type { RecentDays } from './usage/recent-days.ts';
import type { RecentRequests } from './usage/recent-requests.ts';
import { version } from './version.ts';

/** What an engine has come to since it was opened. */
export interface Condition {
  /** Base URL of the endpoint; null while it does not listen. */
  url: string | null;
  /** The port that was wanted and is taken by another program. */
  takenPort: number | null;
  /** Sentences. */
  readonly problems: string[];
}

/** What is wrong, with the settings as they are now. */
export function problemsOf({ problems }: Condition, settings: SettingsFile): string[] {
  return [...problems, ...settings.problems()];
}

/** What a snapshot shows beside the parts of the engine. */
export interface SnapshotSources {
  readonly parts: Pick<EngineParts, 'pool' | 'settings' | 'box'>;
  readonly days: RecentDays;
  readonly requests: RecentRequests;
  readonly condition: Condition;
  /** Epoch ms. */
  readonly now: number;
}

/** Puts a snapshot together. Asks memory alone, so that it may run between the parts of an answer. */
export function liveSnapshot(sources: SnapshotSources): Omit<Snapshot, 'rev'> {
  const { parts, days, requests, condition, now } = sources;
  const { pool, settings, box } = parts;
  return {
    at: now,
    version,
    endpoint: { url: condition.url, takenPort: condition.takenPort, isPaused: settings.get('paused') },
    secretBox: box.strength,
    strategy: { name: settings.get('strategy'), choices: strategyChoices() },
    pinned: settings.get('pinned') ?? null,
    ...poolPace(pool.summaries(), days, now),
    requests: [...requests.list()],
    problems: problemsOf(condition, settings),
    hasAcceptedRisks: settings.get('hasAcceptedRisks'),
    theme: settings.get('theme'),
  };
}
