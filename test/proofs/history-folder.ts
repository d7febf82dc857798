import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { EmulatorOptions } from '../emulator/emulator.ts';
import { seededRandom } from '../emulator/random.ts';
import { startIdle } from '../support/importing.ts';
import { command } from '../support/command.ts';
import { store } from '../support/importing.ts';
import { History } from '../../app/usage/history.ts';

/** A data folder with five accounts and a long history, that nobody has open. */
export interface HistoryFolder extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  /** The path of a file in the data folder. */
  file(name: string): string;
  /** How long one `record` took, and one write of 200 rows, in ms. */
  readonly recordMs: readonly number[];
  readonly writeMs: readonly number[];
  readonly bytes: number;
}

const day = 86_400_000;
const models = ['claude-sonnet-5', 'claude-opus-5', 'claude-haiku-4.5', 'auto'];
const keys = ['default', 'work', 'blog'];
const rowsAWrite = 200;

/** Makes it, with that many requests over the last ninety days, as the engine records them. */
export async function startHistoryFolder(rows: number, options: EmulatorOptions = {}): Promise<HistoryFolder> {
  const idle = await startIdle(options);
  for (let index = 0; index < 5; index += 1) {
    const account = idle.emulator.addAccount({ kind: 'social' });
    const path = store(idle, `${account.id}.sqlite3`, { account, login: account.newLogin() });
    await command(idle.env, 'accounts', 'import', '--from', 'kiro-cli', '--path', path);
  }
  const listed = await command(idle.env, 'accounts', 'list', '--json');
  const ids = [...listed.out.matchAll(/"id":"(acc_[a-z0-9]+)"/g)].map(([, id = '']) => id);
  const file = (name: string): string => `${idle.folder.file('data')}/${name}`;
  const recordMs: number[] = [];
  const writeMs: number[] = [];
  {
    using history = new History({ path: file('usage.db'), now: Date.now, after: () => () => undefined });
    const random = seededRandom(1);
    const until = Date.now();
    for (let index = 0; index < rows; index += 1) {
      const row = rowAt(until - Math.floor(((rows - index) / rows) * 89 * day), ids, random.below(1_000_000));
      const startedAt = performance.now();
      history.record(row);
      recordMs.push(performance.now() - startedAt);
      if ((index + 1) % rowsAWrite > 0) continue;
      const writtenFrom = performance.now();
      history.flush();
      writeMs.push(performance.now() - writtenFrom);
    }
  }
  const bytes = statSync(file('usage.db')).size;
  return { env: idle.env, file, recordMs, writeMs, bytes, [Symbol.asyncDispose]: () => idle[Symbol.asyncDispose]() };
}

/** A request of a moment, in epoch ms, as these accounts make it: with one line of decision for each of them. */
export function rowAt(at: number, accounts: readonly string[], number: number): Parameters<History['record']>[0] {
  const account = accounts[number % accounts.length] ?? null;
  return {
    id: randomUUID(),
    at,
    key: keys[number % keys.length] ?? 'default',
    session: `session-${number % 5000}`,
    model: models[number % models.length] ?? 'auto',
    account,
    sends: 1 + (number % 50 === 0 ? 1 : 0),
    outcome: number % 200 === 0 ? 'upstream-failed' : 'ok',
    decision: accounts.map((each) => ({
      account: each,
      chosen: each === account,
      reason:
        each === account ? 'its session is on this account' : 'could serve too; its session is on another account',
    })),
    credits: (number % 4000) / 10_000,
    contextPercent: (number % 1000) / 10,
    inputTokens: null,
    outputTokens: null,
    firstTokenMs: 400 + (number % 3000),
    totalMs: 2000 + (number % 60_000),
  };
}
