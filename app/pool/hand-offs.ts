import { randomUUID } from 'node:crypto';
import { AuthError } from '../auth/auth-error.ts';
import { startHandOff, type HandOff } from '../auth/hand-off.ts';
import type { HandOffEvent } from '../auth/hand-off-event.ts';
import { recoverHandOff, type Recovery } from '../auth/hand-off-recovery.ts';
import type { HandOffRequest } from '../auth/hand-off-request.ts';
import type { NewLogin } from '../auth/hand-off-sign-in.ts';
import type { KiroCliProgram } from '../auth/kiro-cli-program.ts';
import type { LoginSource } from './account.ts';
import { newAccount } from './identity.ts';
import { uniqueLabel } from './recognition.ts';
import { settle, type ImportResult, type OnboardingPorts } from './settling.ts';

/** One step for a screen, without anything that does not cross a process. See `HandOffEvent` for what each means. */
export type HandOffStep =
  | Exclude<HandOffEvent, { type: 'failed' }>
  | { readonly type: 'failed'; readonly message: string; readonly hint: string };

/** What happened since a screen last asked. `result` is there once all is over and a login came of it. */
export interface HandOffNews {
  readonly steps: readonly HandOffStep[];
  readonly isOver: boolean;
  readonly result: ImportResult | null;
}

export interface HandOffsPorts extends OnboardingPorts {
  /** The kiro-cli of this machine; undefined when there is none. */
  readonly program: () => KiroCliProgram | undefined;
  /** The store that it writes. */
  readonly storePath: string;
  /** A folder of ours for the backup of that store. */
  readonly backupFolder: string;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

interface Running {
  readonly handOff: HandOff;
  readonly steps: HandOffStep[];
  readonly over: Promise<ImportResult | undefined>;
  isOver: boolean;
  /** Resolved, and replaced, whenever there is something new. */
  news: PromiseWithResolvers<void>;
}

/**
 * Hand-offs to kiro-cli under way (DESIGN §4.3): the user signs in with the real program, and its login comes into the pool.
 * One at a time; a screen asks for news by what it has seen.
 */
export class HandOffs {
  readonly #ports: HandOffsPorts;
  readonly #all = new Map<string, Running>();

  constructor(ports: HandOffsPorts) {
    this.#ports = ports;
  }

  /**
   * Starts one, after what a killed process may have left half done was ended.
   * @throws AuthError when another one runs, kiro-cli is not on this machine, or the user has to choose first
   */
  async start(request: HandOffRequest, profileArn: string | undefined): Promise<string> {
    if ([...this.#all.values()].some(({ isOver }) => !isOver)) {
      throw new AuthError(
        'retry-later',
        'Another sign-in with kiro-cli is under way.',
        'Finish or cancel that one first.',
      );
    }
    const program = this.#ports.program();
    if (!program) {
      throw new AuthError('not-found', 'There is no kiro-cli on this machine.', 'Install it, or sign in without it.');
    }
    const recovery = await this.recover();
    if (recovery.type === 'asks') {
      throw new AuthError(
        'unreadable',
        'An earlier sign-in was cut off, and kiro-cli was signed in anew since: its earlier login is kept aside.',
        `Move ${this.#ports.backupFolder} elsewhere if kiro-cli shall keep the login that it has now, then try again.`,
      );
    }
    this.#all.clear();
    let account: string | undefined;
    const handOff = startHandOff(request, {
      ...this.#ports,
      program,
      keep: async (login) => {
        account = await this.#keep(login, request.whatAboutPrevious === 'keep-new');
      },
    });
    const running: Running = {
      handOff,
      steps: [],
      over: this.#follow(handOff, () => account, request, profileArn),
      isOver: false,
      news: Promise.withResolvers(),
    };
    void this.#watch(running);
    const id = randomUUID();
    this.#all.set(id, running);
    return id;
  }

  /** Waits until there is more than `seen` steps, or all is over. @throws AuthError for a hand-off that there is not */
  async news(id: string, seen: number): Promise<HandOffNews> {
    const running = this.#all.get(id);
    if (!running)
      throw new AuthError('not-found', 'This sign-in is over or was never begun.', 'Start the sign-in again.');
    while (running.steps.length <= seen && !running.isOver) await running.news.promise;
    const result = running.isOver ? ((await running.over) ?? null) : null;
    return { steps: running.steps.slice(seen), isOver: running.isOver, result };
  }

  /** Ends one that waits for its user; what kiro-cli had before comes back. */
  cancel(id: string): void {
    this.#all.get(id)?.handOff.cancel();
  }

  /** Ends what a killed process left half done. To be called at start. @throws AuthError when the store is held or damaged */
  recover(): Promise<Recovery> {
    return recoverHandOff(this.#ports.backupFolder, {
      ...this.#ports,
      keep: async (login) => {
        await this.#keep(login, false);
      },
    });
  }

  /** Cancels what waits, and resolves when every previous login is back and every new one is on disk. */
  async close(): Promise<void> {
    for (const { handOff, over } of this.#all.values()) {
      await handOff[Symbol.asyncDispose]();
      await over;
    }
  }

  /** Puts the new login on disk as it is; see hand-off.ts for why it is not refreshed first. Returns the account's id. */
  async #keep(login: NewLogin, isShared: boolean): Promise<string> {
    const { accounts, newAccountId, now, storePath } = this.#ports;
    const source: LoginSource | undefined = isShared
      ? { store: 'kiro-cli', path: storePath, row: login.row }
      : undefined;
    const provenance = isShared ? 'shared' : 'own';
    const account = newAccount(login.credential, { id: newAccountId(), provenance, source, now: now() });
    await accounts.put({ ...account, label: uniqueLabel(account, accounts.list()) });
    return account.id;
  }

  async #follow(
    handOff: HandOff,
    account: () => string | undefined,
    request: HandOffRequest,
    profileArn: string | undefined,
  ): Promise<ImportResult | undefined> {
    await handOff.login;
    const id = account();
    if (id === undefined) return undefined;
    const isShared = request.whatAboutPrevious === 'keep-new';
    // kiro-cli holds the same refresh token now: whoever refreshes first owns the login, so that is us, at once.
    if (isShared) await this.#ports.pool.link.fork(id).catch(() => undefined);
    const done = isShared
      ? 'Signed in with kiro-cli, and forked: the pool has a chain of tokens of its own.'
      : 'Signed in with kiro-cli, which has its previous login back; the new one is in the pool alone.';
    return settle(id, { result: 'added', profileArn, done }, this.#ports);
  }

  async #watch(running: Running): Promise<void> {
    for await (const event of running.handOff.events) {
      running.steps.push(event.type === 'failed' ? { type: 'failed', ...wordsOf(event.error) } : event);
      this.#tell(running);
    }
    await running.over.catch(() => undefined);
    running.isOver = true;
    this.#tell(running);
  }

  #tell(running: Running): void {
    const { news } = running;
    running.news = Promise.withResolvers();
    news.resolve();
  }
}

function wordsOf({ message, hint }: AuthError): { message: string; hint: string } {
  return { message, hint };
}
