import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { openEngine, type Engine } from '../../app/engine.ts';
import { now, type temporaryFolder } from '../store/accounts.ts';
import { mustHold } from './target.ts';

type Folder = ReturnType<typeof temporaryFolder>;

/** An engine with all of its files, of which nobody asks for anything but what a target does; what it calls is not there. */
export interface QuietEngine {
  readonly engine: Engine;
  /** What was told about files that are no good. */
  readonly problems: () => readonly string[];
}

/**
 * Opens the engine on the folder `data` in the folder; its master key is always the same, so that what was sealed once opens.
 * @param files what lies there before, by name
 * @throws StoreError as `openEngine` does
 */
export async function openQuietly(folder: Folder, files: Readonly<Record<string, Buffer>> = {}): Promise<QuietEngine> {
  const dataDir = folder.file('data');
  mkdirSync(dataDir, { mode: 0o700, recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(`${dataDir}/${name}`, bytes);
  const endpoints = folder.file('endpoints.json');
  writeFileSync(endpoints, JSON.stringify(Object.fromEntries(hosts.map((host) => [host, 'http://127.0.0.1:9']))));
  const log: string[] = [];
  const engine = await openEngine({
    dataDir,
    env: { HOME: folder.path, KIRO_POOL_ENDPOINTS: endpoints, KIRO_POOL_MASTER_KEY: masterKey },
    log: (line) => void log.push(line),
    now,
  });
  return { engine, problems: () => log.filter((line) => line.includes('store.problem')) };
}

/** Whether a file was taken as it is, set aside or left alone. @throws Broken unless its bytes are still there then */
export function fileOutcome(folder: Folder, name: string, input: Buffer, problems: readonly string[]): string {
  const aside = readdirSync(folder.file('data')).filter(
    (each) => each.startsWith(`${name}.corrupt-`) && !/-(?:wal|shm)$/.test(each),
  );
  mustHold(aside.length === 0 || problems.length > 0, 'it was set aside without a word');
  if (aside.length > 0) {
    mustHold(
      aside.some((each) => readFileSync(folder.file(`data/${each}`)).equals(input)),
      'what was set aside is not what was there',
    );
    return 'kept aside';
  }
  if (problems.length === 0) return 'opens';
  mustHold(readFileSync(folder.file(`data/${name}`)).equals(input), 'what could not be used was changed');
  return 'left alone';
}

const masterKey = Buffer.alloc(32, 1).toString('base64');
const hosts = ['runtime', 'q', 'codewhisperer', 'management', 'socialAuth', 'oidc'];
