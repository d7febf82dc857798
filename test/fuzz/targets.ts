import type { Target } from './target.ts';
import { backup } from './targets/backup.ts';
import { declaredLengths } from './targets/declared-lengths.ts';
import { engineHistory } from './targets/engine-history.ts';
import { engineKeys } from './targets/engine-keys.ts';
import { configs } from './targets/config.ts';
import { eventStream } from './targets/event-stream.ts';
import { http } from './targets/http.ts';
import { requests } from './targets/requests.ts';
import { restore } from './targets/restore.ts';
import { stores } from './targets/stores.ts';

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [
  eventStream,
  declaredLengths,
  http,
  requests,
  ...configs,
  ...stores,
  engineKeys,
  ...engineHistory,
  backup,
  restore,
];

/** @throws Error that names those that there are */
export function targetNamed(name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (!found) throw new Error(`There is no target ${name}. There is: ${targets.map(({ name }) => name).join(', ')}.`);
  return found;
}
