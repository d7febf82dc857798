import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { AccountsFile } from '../../app/store/accounts-file.ts';
import { headlessSecretBox } from '../../app/store/headless-box.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator, type EmulatedAccount, type Emulator } from '../emulator/emulator.ts';
import { seededRandom, type Random } from '../emulator/random.ts';
import { command, start, type Started } from '../support/command.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/engine.ts';
import { chat, type Endpoint } from './client.ts';
import { TokenLedger } from './token-ledger.ts';

/** What came of all kills. Spans in ms. */
export interface KillCounts {
  readonly kills: number;
  /** Of these, while the process was still starting. */
  readonly early: number;
  readonly starts: number;
  readonly startMs: readonly number[];
  readonly served: number;
  /** Requests that the kill itself broke. */
  readonly cut: number;
  /** Why other requests failed. */
  readonly failed: readonly string[];
  /** Requests that came while the kill before had cost every account its login. */
  readonly withoutAnyLogin: number;
  readonly corrupt: readonly string[];
  readonly rotations: number;
  readonly saved: number;
  readonly neverCame: number;
  readonly cameTooLate: number;
  readonly unsavedMs: readonly number[];
  readonly usedUnsaved: number;
  readonly reused: number;
  readonly repeatedInLife: number;
  readonly repeatedAcross: number;
  readonly lostOtherwise: readonly string[];
  readonly relogins: number;
  /** Half-written files in the folder after the last stop. */
  readonly leftovers: readonly string[];
}

const kinds = ['social', 'builder-id', 'identity-center', 'external-idp'] as const;
const accountCount = 10;
/** From listening to the kill, and from the start for those that come early. */
const killWithinMs = 600;
const earlyWithinMs = 250;
const preload = new URL('note-tokens.ts', import.meta.url).href;
const ready = v.object({ event: v.literal('ready'), url: v.string() });

/** One data folder, one emulator, and one `serve` after the other on them. */
export class KillRun implements AsyncDisposable {
  readonly #emulator: Emulator;
  readonly #folder: TemporaryFolder;
  readonly #env: Readonly<Record<string, string>>;
  readonly #ledger: TokenLedger;
  readonly #random: Random;
  readonly #startMs: number[] = [];
  readonly #failed: string[] = [];
  readonly #corrupt: string[] = [];
  readonly #lostOtherwise = new Set<string>();
  /** By the refresh token that was on disk: when the kill came that lost what it was traded for. */
  readonly #lost = new Map<string, number>();
  readonly #onDisk = new Set<string>();
  #dead: string[] = [];
  #key = '';
  #kills = 0;
  #early = 0;
  #served = 0;
  #withoutAnyLogin = 0;
  /** Accounts whose login was alive after the last kill. */
  #alive = accountCount;
  #cut = 0;
  #relogins = 0;

  private constructor(emulator: Emulator, folder: TemporaryFolder, seed: number) {
    this.#emulator = emulator;
    this.#folder = folder;
    this.#random = seededRandom(seed);
    this.#ledger = new TokenLedger(emulator);
    writeFileSync(folder.file('endpoints.json'), JSON.stringify(emulator.endpoints));
    this.#env = {
      HOME: folder.path,
      KIRO_POOL_DATA_DIR: folder.file('data'),
      KIRO_POOL_ENDPOINTS: folder.file('endpoints.json'),
      // Starts in half the time, so that there is time for more of them.
      NODE_COMPILE_CACHE: folder.file('cache'),
    };
  }

  /** Takes ten accounts into a fresh pool. */
  static async start(seed: number): Promise<KillRun> {
    const emulator = await startEmulator({ accessTokenTtlMs: 1000, chunking: 'whole' });
    const run = new KillRun(emulator, temporaryFolder(), seed);
    for (let index = 0; index < accountCount; index += 1) {
      await run.#signIn(emulator.addAccount({ kind: kinds[index % kinds.length] ?? 'social', plan: 'power' }));
    }
    await command(run.#env, 'settings', 'set', 'strategy', 'round-robin');
    run.#key = (await command(run.#env, 'key', 'show')).out.trim();
    return run;
  }

  /** One life of `serve`, ended by SIGKILL. */
  async once(): Promise<void> {
    this.#kills += 1;
    const isEarly = this.#kills % 8 === 0;
    await using serve = this.#start();
    let killedAt = 0;
    const kill = (): void => {
      killedAt = Date.now();
      serve.child.kill('SIGKILL');
    };
    if (isEarly) {
      this.#early += 1;
      await sleep(this.#random.below(earlyWithinMs));
      kill();
    } else {
      const endpoint = await this.#listening(serve);
      await this.#bringBack();
      const load = this.#load(endpoint, serve);
      await sleep(this.#random.below(killWithinMs));
      kill();
      await load;
    }
    await serve.ended;
    await this.#inspect(killedAt);
  }

  /** A last start without a kill: what is still to come to light does. */
  async settle(): Promise<void> {
    await using serve = this.#start();
    const endpoint = await this.#listening(serve);
    for (const { id } of await this.#stored()) await command(this.#env, 'accounts', 'refresh', id);
    const { error } = await chat(endpoint, {
      session: 'last',
      messages: [{ role: 'user', content: 'Say exactly hello' }],
    });
    if (error !== undefined) this.#failed.push(error);
    serve.child.kill('SIGTERM');
    await serve.ended;
    await this.#inspect(Date.now());
  }

  counts(): KillCounts {
    const { rotations } = this.#ledger;
    const received = this.#received();
    const lost = [...this.#lost].map(([traded, killedAt]) => {
      const rotation = this.#ledger.of(traded);
      const receivedAt = rotation && received.get(rotation.refreshToken);
      return { rotation, unsavedMs: receivedAt === undefined ? undefined : killedAt - receivedAt };
    });
    const unsavedMs = lost.flatMap(({ unsavedMs }) => unsavedMs ?? []);
    const reuses = rotations.filter(({ reusedIn }) => reusedIn.length > 0);
    const isSaved = (token: string): boolean => this.#onDisk.has(token) || this.#ledger.of(token) !== undefined;
    return {
      kills: this.#kills,
      early: this.#early,
      starts: this.#startMs.length,
      startMs: this.#startMs,
      served: this.#served,
      cut: this.#cut,
      failed: this.#failed,
      withoutAnyLogin: this.#withoutAnyLogin,
      corrupt: this.#corrupt,
      rotations: rotations.length,
      saved: rotations.filter(({ refreshToken }) => isSaved(refreshToken)).length,
      neverCame: lost.length - unsavedMs.length,
      cameTooLate: unsavedMs.length,
      unsavedMs,
      usedUnsaved: lost.filter(({ rotation }) => rotation?.usedAt !== undefined).length,
      reused: reuses.length,
      repeatedInLife: reuses.filter(({ reusedIn }) => new Set(reusedIn).size < reusedIn.length).length,
      repeatedAcross: reuses.filter(({ reusedIn }) => new Set(reusedIn).size > 1).length,
      lostOtherwise: [...this.#lostOtherwise],
      relogins: this.#relogins,
      leftovers: readdirSync(this.#folder.file('data')).filter((name) => name.includes('.tmp')),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#emulator.close();
    this.#folder[Symbol.dispose]();
  }

  #start(): Started {
    this.#ledger.life += 1;
    const env = {
      ...this.#env,
      NODE_OPTIONS: `--import ${preload}`,
      KIRO_POOL_PROOF_NOTES: this.#folder.file('notes'),
    };
    return start(env, 'serve', '--json', '--port', '0');
  }

  async #listening(serve: Started): Promise<Endpoint> {
    const startedAt = performance.now();
    const { url } = v.parse(ready, JSON.parse(await serve.firstLine));
    this.#startMs.push(performance.now() - startedAt);
    return { url, key: this.#key };
  }

  /** A new login for each account that asks for a sign-in, through the process that serves. */
  async #bringBack(): Promise<void> {
    for (const email of this.#dead) {
      const account = this.#emulator.accounts().find((each) => each.email === email);
      if (account === undefined) continue;
      await this.#signIn(account);
      this.#alive += 1;
      this.#relogins += 1;
    }
  }

  async #signIn(account: EmulatedAccount): Promise<void> {
    const path = this.#folder.file('kiro-cli.sqlite3');
    writeCliStore(path, [{ account, login: account.newLogin() }]);
    const { code, err } = await command(this.#env, 'accounts', 'import', '--from', 'kiro-cli', '--path', path);
    if (code !== 0) throw new Error(`the import failed: ${err}`);
  }

  async #load(endpoint: Endpoint, { child }: Started): Promise<void> {
    const client = async (name: string): Promise<void> => {
      for (let turn = 0; !child.killed; turn += 1) {
        const request = {
          session: `${name}-${turn}`,
          messages: [{ role: 'user', content: 'Say exactly hello' }],
        } as const;
        const answer = await chat(endpoint, request).catch(() => undefined);
        if (answer?.isServed === true) this.#served += 1;
        else if (child.killed) this.#cut += 1;
        else if (answer?.error === 'no_account' && this.#alive === 0) this.#withoutAnyLogin += 1;
        else this.#failed.push(answer === undefined ? 'no answer' : `${answer.status} ${answer.error ?? 'cut'}`);
        await sleep(5);
      }
    };
    await Promise.all(['a', 'b', 'c'].map((name) => client(name)));
  }

  /** Reads the folder as it was left, and settles both sides of the books. */
  async #inspect(killedAt: number): Promise<void> {
    this.#corrupt.push(...readdirSync(this.#folder.file('data')).filter((name) => name.includes('.corrupt-')));
    const stored = await this.#stored();
    if (stored.length !== accountCount) this.#corrupt.push(`${stored.length} accounts`);
    this.#dead = [];
    this.#alive = 0;
    for (const { email, state, credential } of stored) {
      if (credential.kind === 'api-key') continue;
      const { refreshToken } = credential;
      const rotation = this.#ledger.of(refreshToken);
      if (rotation === undefined) this.#alive += 1;
      if (rotation === undefined) this.#onDisk.add(refreshToken);
      else if (!this.#lost.has(refreshToken)) this.#lost.set(refreshToken, killedAt);
      if (state.name === 'ready') continue;
      if (state.name === 'needs-sign-in' && rotation !== undefined) this.#dead.push(email ?? '');
      else this.#lostOtherwise.add(`${email ?? '?'} is ${state.name}`);
    }
  }

  async #stored(): Promise<ReturnType<AccountsFile['list']>> {
    const dataDir = this.#folder.file('data');
    const box = await headlessSecretBox({ dataDir, env: {} });
    const onProblem = ({ message }: { message: string }): void => void this.#corrupt.push(message);
    const folder = { file: (name: string): string => `${dataDir}/${name}` };
    const accounts = await AccountsFile.open(folder, box, { now: Date.now, onProblem });
    this.#corrupt.push(...accounts.locked.map(({ label, reason }) => `${label}: ${reason}`));
    return accounts.list();
  }

  /** When each refresh token was in the hands of a process, as the probe noted it. */
  #received(): Map<string, number> {
    const lines = readFileSync(this.#folder.file('notes'), 'utf8').split('\n');
    return new Map(lines.map((line) => line.split(' ')).map(([at = '', token = '']) => [token, Number(at)]));
  }
}
