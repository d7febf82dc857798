import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tokenHash } from '../../app/auth/fork.ts';
import { recoverHandOff } from '../../app/auth/hand-off-recovery.ts';
import type { NewLogin } from '../../app/auth/hand-off-sign-in.ts';
import {
  backUpStore,
  discardBackup,
  findUnfinishedBackup,
  isAsBackedUp,
  noteNewLogin,
  putBack,
} from '../../app/auth/kiro-cli-backup.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import {
  bytesOf,
  expectNothingRunning,
  expectPrevious,
  handOffWorld,
  refreshTokenIn,
  signIn,
} from './hand-off-world.ts';

const ports = { now: Date.now, wait: (ms: number) => sleep(ms), busyTimeoutMs: 300 };

describe('a backup', () => {
  let folder = '';
  let storePath = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kiro-backup-'));
    storePath = join(folder, 'kiro-cli', 'data.sqlite3');
    mkdirSync(dirname(storePath));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const store = (value: string, mode = 'delete'): void => {
    using database = new DatabaseSync(storePath);
    database.exec(
      `PRAGMA journal_mode = ${mode}; CREATE TABLE IF NOT EXISTS auth_kv (key TEXT PRIMARY KEY, value TEXT)`,
    );
    database.prepare('INSERT OR REPLACE INTO auth_kv VALUES (?, ?)').run('it', value);
  };
  const backUp = (wish: 'put-back' | 'keep-new' = 'put-back') => backUpStore({ storePath, folder, wish }, ports);

  test('is one whole, private copy, and is put back byte for byte with its mode', async () => {
    store('before');
    const before = { ...bytesOf(storePath), mode: statSync(storePath).mode };
    const backup = await backUp();
    expect(statSync(join(backup.folder, 'data.sqlite3')).mode & 0o777).toBe(0o600);
    expect(statSync(backup.folder).mode & 0o777).toBe(0o700);
    store('after', 'wal');
    await putBack(backup, ports);
    expect({ ...bytesOf(storePath), mode: statSync(storePath).mode }).toEqual(before);
    expect(readdirSync(dirname(storePath))).toEqual(['data.sqlite3']);
    expect(findUnfinishedBackup(folder)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['kiro-cli']);
  });

  test('has what lies in a write-ahead log', async () => {
    store('before', 'wal');
    using running = new DatabaseSync(storePath);
    running.exec("INSERT OR REPLACE INTO auth_kv VALUES ('it', 'in the log')");
    const before = bytesOf(storePath);
    expect(Object.keys(before)).toEqual(['', '-wal']);
    const backup = await backUp();
    running.exec("INSERT OR REPLACE INTO auth_kv VALUES ('it', 'after')");
    await putBack(backup, ports);
    expect(bytesOf(storePath)).toEqual(before);
    using reader = new DatabaseSync(storePath);
    expect(reader.prepare('SELECT value FROM auth_kv').get()).toEqual({ value: 'in the log' });
  });

  test('is taken between the transactions of a program that writes all the time', async () => {
    store('0');
    const code = `const { DatabaseSync } = require('node:sqlite'); const d = new DatabaseSync(process.argv[1], { timeout: 5000 });
      const pause = new Int32Array(new SharedArrayBuffer(4)); d.exec('CREATE TABLE a (n); CREATE TABLE b (n)'); console.log('on');
      for (let n = 0; ; n++) { d.exec('BEGIN IMMEDIATE'); d.exec('INSERT INTO a VALUES (' + n + ')'); d.exec('INSERT INTO b VALUES (' + n + ')'); d.exec('COMMIT'); Atomics.wait(pause, 0, 0, 3); }`;
    const writer = spawn(process.execPath, ['-e', code, storePath], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    for (let round = 0; round < 5; round += 1) {
      const backup = await backUpStore({ storePath, folder, wish: 'put-back' }, { ...ports, busyTimeoutMs: 5000 });
      using copy = new DatabaseSync(join(backup.folder, 'data.sqlite3'));
      const counts = copy
        .prepare(
          'SELECT (SELECT count(*) FROM a) AS a, (SELECT count(*) FROM b) AS b, integrity_check AS ok FROM pragma_integrity_check',
        )
        .get();
      expect(counts?.['a']).toBe(counts?.['b']);
      expect(counts?.['ok']).toBe('ok');
      discardBackup(backup);
    }
    writer.kill('SIGKILL');
    await new Promise((resolve) => writer.once('close', resolve));
  });

  test('of no store removes the one that was made since', async () => {
    const backup = await backUp();
    store('half-made');
    await putBack(backup, ports);
    expect(readdirSync(dirname(storePath))).toEqual([]);
  });

  test('stays while another program holds the store, and can be put back then', async () => {
    store('before');
    const before = bytesOf(storePath);
    const backup = await backUp();
    store('after');
    {
      using holder = new DatabaseSync(storePath);
      holder.exec('BEGIN IMMEDIATE');
      await expect(putBack(backup, ports)).rejects.toMatchObject({ code: 'unreadable' });
      holder.exec('ROLLBACK');
    }
    expect(await recoverHandOff(folder, { ...ports, keep: vi.fn<() => Promise<void>>() })).toEqual({
      type: 'put-back',
    });
    expect(bytesOf(storePath)).toEqual(before);
  });

  test('that the disk damaged is not put over a store', async () => {
    store('before');
    const backup = await backUp();
    store('after');
    const after = bytesOf(storePath);
    writeFileSync(join(backup.folder, 'data.sqlite3'), 'damaged');
    await expect(putBack(backup, ports)).rejects.toMatchObject({ message: expect.stringContaining('damaged') });
    expect(bytesOf(storePath)).toEqual(after);
  });

  test('replaces a store that is no database any more, and is not made of one', async () => {
    store('before');
    const before = bytesOf(storePath);
    const backup = await backUp();
    writeFileSync(storePath, 'no database, but long enough to be looked at'.repeat(100));
    await putBack(backup, ports);
    expect(bytesOf(storePath)).toEqual(before);
    writeFileSync(storePath, 'no database, but long enough to be looked at'.repeat(100));
    await expect(backUp()).rejects.toMatchObject({ code: 'unreadable' });
    expect(findUnfinishedBackup(folder)).toBeUndefined();
  });

  test('without its manifest is none, and the next one takes its place', async () => {
    store('before');
    const backup = await backUp();
    rmSync(join(backup.folder, 'manifest.json'));
    expect(findUnfinishedBackup(folder)).toBeUndefined();
    expect(isAsBackedUp(await backUp())).toBe(true);
  });

  const putBackCutOff: Readonly<Record<string, (old: string) => void>> = {
    'before anything': () => {},
    'with the copies laid out': (copy) => writeFileSync(`${storePath}.kiro-pool-new`, readFileSync(copy)),
    'with a copy half written': () => writeFileSync(`${storePath}.kiro-pool-new`, 'half'),
    'with the log moved aside': () => renameSync(`${storePath}-wal`, `${storePath}-wal.kiro-pool-old`),
    'with the main file in place, its log not': (copy) => {
      rmSync(`${storePath}-wal`);
      writeFileSync(storePath, readFileSync(copy));
    },
    'with the store gone': () => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(storePath + suffix, { force: true });
    },
  };
  test.each(Object.entries(putBackCutOff))(
    'whose putting back was cut off %s is put back at the next start',
    async (_when, cutOff) => {
      store('before', 'wal');
      let running = new DatabaseSync(storePath);
      running.exec("INSERT OR REPLACE INTO auth_kv VALUES ('it', 'in the log')");
      const before = bytesOf(storePath);
      const backup = await backUp();
      running.exec('DELETE FROM auth_kv');
      running.close();
      running = new DatabaseSync(storePath);
      running.exec("INSERT OR REPLACE INTO auth_kv VALUES ('it', 'half-made')");
      cutOff(join(backup.folder, 'data.sqlite3'));
      expect(await recoverHandOff(folder, { ...ports, keep: vi.fn<() => Promise<void>>() })).toEqual({
        type: 'put-back',
      });
      expect(bytesOf(storePath)).toEqual(before);
      expect(readdirSync(dirname(storePath)).filter((name) => name.includes('kiro-pool'))).toEqual([]);
      running.close();
    },
  );
});

describe.concurrent('a hand-off whose process was killed', () => {
  test.each(['backed-up', 'signed-out', 'waiting'])('at %s is put right at the next start', async (step) => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const { program, storePath, backupFolder, endpoints } = world.ports;
    const code = `import { startHandOff } from ${JSON.stringify(new URL('../../app/auth/hand-off.ts', import.meta.url).href)};
      const ports = { ...${JSON.stringify({ program, storePath, backupFolder, endpoints })}, now: Date.now, keep: async () => {},
        wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };
      for await (const event of startHandOff({ kind: 'google', whatAboutPrevious: 'put-back' }, ports).events) {
        if (event.type === ${JSON.stringify(step)}) process.kill(process.pid, 'SIGKILL');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    const [, signal] = await new Promise<unknown[]>((resolve) => child.once('close', (...exit) => resolve(exit)));
    expect(signal).toBe('SIGKILL');
    expect(findUnfinishedBackup(backupFolder)).toMatchObject({ wish: 'put-back' });
    // kiro-cli hears that its terminal was closed.
    await vi.waitFor(() => expectNothingRunning(world), { timeout: 5000 });
    expect(await recoverHandOff(backupFolder, world.ports)).toEqual({ type: 'put-back' });
    expect(world.kept).toEqual([]);
    await expectPrevious(signedIn);
    expect(await recoverHandOff(backupFolder, world.ports)).toEqual({ type: 'nothing' });
  });

  test.each(['put-back', 'keep-new'] as const)('after the sign-in (%s) does not lose the new login', async (wish) => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const { storePath, backupFolder } = world.ports;
    const backup = await backUpStore({ storePath, folder: backupFolder, wish }, ports);
    const login = signedIn.next.newLogin();
    writeCliStore(storePath, [{ account: signedIn.next, login }]);
    noteNewLogin(backup, tokenHash(login.refreshToken));
    expect(await recoverHandOff(backupFolder, world.ports)).toEqual({
      type: wish === 'put-back' ? 'put-back' : 'kept-new',
    });
    expect(world.kept).toMatchObject([
      { row: 'kirocli:social:token', credential: { refreshToken: login.refreshToken } },
    ]);
    const isLeft = refreshTokenIn(storePath) === login.refreshToken;
    expect(isLeft).toBe(wish === 'keep-new');
    expect(existsSync(join(backupFolder, 'kiro-cli-hand-off'))).toBe(false);
  });

  test('asks before it puts anything over a login that the user made since', async () => {
    await using world = await handOffWorld();
    const signedIn = signIn(world);
    const { storePath, backupFolder } = world.ports;
    await backUpStore({ storePath, folder: backupFolder, wish: 'put-back' }, ports);
    const login = signedIn.next.newLogin();
    writeCliStore(storePath, [{ account: signedIn.next, login }]);
    const recovery = await recoverHandOff(backupFolder, world.ports);
    if (recovery.type !== 'asks') throw new Error(`it was ${recovery.type}`);
    expect(refreshTokenIn(storePath)).toBe(login.refreshToken);
    expect(world.kept satisfies NewLogin[]).toEqual([]);
    await putBack(recovery.backup, ports);
    await expectPrevious(signedIn);
  });
});
