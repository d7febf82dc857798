import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openEngine, type Engine } from '../../app/engine.ts';
import { openCliStore } from '../emulator/cli-store.ts';

/** A data folder of Kiro Pool with logins of the upstream in it, as a person's would be. */
export interface EngineFolder {
  readonly path: string;
  /** Where the stores are that its logins came from. */
  readonly root: string;
  /** Key of the local endpoint. */
  readonly key: string;
  /** What `serve` needs to find the upstream. */
  readonly env: NodeJS.ProcessEnv;
}

/** Makes a folder and takes `accounts` logins of kiro-cli stores into it, the way that users do. */
export async function makeEngineFolder(path: string, upstreamUrl: string, accounts: number): Promise<EngineFolder> {
  mkdirSync(path, { recursive: true });
  const { KIRO_POOL_LOG: _, ...inherited } = process.env;
  const env = { ...inherited, KIRO_POOL_ENDPOINTS: writeEndpoints(path, upstreamUrl) };
  const dataDir = join(path, 'data');
  await using engine = await openEngine({ dataDir, env, log: () => undefined });
  await importLogins(engine, path, { from: 0, to: accounts });
  // The most that can be set: how many requests run at once is the bench's to say, not the pool's.
  await engine.handlers['settings.set']({ key: 'concurrency', value: '20' });
  const { key } = await engine.handlers['keys.show']({ name: 'default' });
  return { path: dataDir, root: path, key, env };
}

/** Takes in the logins `from` up to, but not with, `to` of a folder that nobody has open. */
export async function addLogins({ path, root, env }: EngineFolder, range: Range): Promise<void> {
  await using engine = await openEngine({ dataDir: path, env, log: () => undefined });
  await importLogins(engine, root, range);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Some at a time: their writes become one. */
async function importLogins(engine: Engine, root: string, { from, to }: Range): Promise<void> {
  for (let n = from; n < to; n += importsAtOnce) {
    const some = Array.from({ length: Math.min(importsAtOnce, to - n) }, (_, index) => n + index);
    const imports = some.map(async (each) =>
      engine.handlers['accounts.import']({ from: 'kiro-cli', path: writeStore(root, each) }),
    );
    const failed = (await Promise.all(imports)).flat().find(({ result }) => result !== 'added');
    if (failed) throw new Error(`The login of ${failed.label} was not taken: ${failed.reason}`);
  }
}

const importsAtOnce = 25;

function writeEndpoints(folder: string, url: string): string {
  const path = join(folder, 'endpoints.json');
  const families = ['runtime', 'q', 'codewhisperer', 'management', 'socialAuth', 'oidc'];
  const templates = Object.fromEntries(families.map((family) => [family, `${url}/${family}.{region}`]));
  writeFileSync(path, JSON.stringify(templates), { mode: 0o600 });
  return path;
}

function writeStore(folder: string, n: number): string {
  // Made once and copied: waiting for the disk at each is most of what a thousand would take.
  const empty = join(folder, 'empty.sqlite3');
  if (!existsSync(empty)) openCliStore(empty).close();
  const path = join(folder, `login-${n}.sqlite3`);
  copyFileSync(empty, path);
  using database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF');
  const login = {
    access_token: `access:user${n}`,
    refresh_token: `refresh:user${n}`,
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    provider: 'google',
    profile_arn: `arn:aws:codewhisperer:us-east-1:123456789012:profile/BENCH${String(n).padStart(7, '0')}`,
  };
  database.prepare('INSERT INTO auth_kv (key, value) VALUES (?, ?)').run('kirocli:social:token', JSON.stringify(login));
  return path;
}
