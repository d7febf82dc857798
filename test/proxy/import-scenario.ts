import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../app/engine.ts';
import { openCliStore, writeCliStore } from '../emulator/cli-store.ts';
import { faults, type EmulatedAccount, type Emulator, type Fault } from '../emulator/emulator.ts';
import { writeIdeStore } from '../emulator/ide-store.ts';
import type { Outcome } from './leak-check.ts';

export interface ImportWorld {
  /** Where the stores are written. */
  readonly folder: string;
  readonly emulator: Emulator;
  /** The first two are of the kinds social and Builder ID. */
  readonly accounts: readonly EmulatedAccount[];
  readonly outcome: Outcome;
}

/** Takes logins of every kind out of every store, and what can go wrong with that. */
export async function importEverything(engine: Engine, world: ImportWorld): Promise<void> {
  const { folder, emulator, accounts, outcome } = world;
  const take = async (from: 'kiro-cli' | 'kiro-ide', more: { path?: string; row?: string; profile?: string }) =>
    outcome.noteWork(`import ${from}`, () => engine.handlers['accounts.import']({ from, ...more }));
  const path = join(folder, 'kiro-cli.sqlite3');
  for (const account of accounts) {
    writeCliStore(path, [{ account, login: account.newLogin() }]);
    await take('kiro-cli', { path });
    await take('kiro-cli', { path });
  }
  const [social, builder] = accounts;
  if (!social || !builder) throw new Error('no accounts');
  for (const account of [social, builder]) {
    const { token } = writeIdeStore(join(folder, account.id), account, account.newLogin());
    await take('kiro-ide', { path: token });
  }
  // Logins that are dead, refused, unreachable or damaged.
  const dead = social.newLogin();
  writeCliStore(path, [{ account: social, login: dead }]);
  emulator.inject({ on: 'refresh', fault: faults.refreshSocialInvalid });
  await take('kiro-cli', { path });
  for (const fault of [faults.refreshServerError, faults.refreshWithoutToken, faults.responseLost, faults.badGateway]) {
    writeCliStore(path, [{ account: builder, login: builder.newLogin() }]);
    emulator.inject({ on: 'refresh', fault });
    await take('kiro-cli', { path });
  }
  const login = social.newLogin();
  emulator.inject({ on: 'refresh', fault: echo(400, login.refreshToken) });
  writeCliStore(path, [{ account: social, login }]);
  await take('kiro-cli', { path });
  await take('kiro-cli', { path, row: 'kirocli:no-such:token' });
  const database = openCliStore(path);
  const damaged = [
    `{"access_token":"${login.accessToken}`,
    `{"access_token":7,"refresh_token":"${login.refreshToken}"}`,
  ];
  for (const [index, value] of damaged.entries()) {
    database.prepare('INSERT OR REPLACE INTO auth_kv (key, value) VALUES (?, ?)').run(`kirocli:${index}:token`, value);
    database.prepare('INSERT OR REPLACE INTO auth_kv (key, value) VALUES (?, ?)').run('kirocli:odic:token', value);
    await take('kiro-cli', { path });
  }
  database.close();
  const broken = join(folder, 'broken.json');
  await writeFile(broken, `{"accessToken":"${login.accessToken}","refreshToken":"${login.refreshToken}"`);
  await take('kiro-ide', { path: broken });
  await take('kiro-cli', { path: broken });
  await writeFile(broken, JSON.stringify({ accessToken: login.accessToken, refreshToken: 7, authMethod: 'social' }));
  await take('kiro-ide', { path: broken });
  await take('kiro-cli', { path: join(folder, 'none.sqlite3') });
}

/** An answer of a gateway that repeats what it was sent. */
export function echo(status: number, token: string): Fault {
  return { kind: 'http', status, body: { message: `Cannot read header authorization: Bearer ${token}`, reason: null } };
}
