import { AuthError } from '../auth/auth-error.ts';
import { bearerOf, type Credential, type RotatingCredential } from '../auth/credential.ts';
import { tokenHash } from '../auth/fork.ts';
import { LoginKeeper } from '../auth/login-keeper.ts';
import { refresh } from '../auth/refresh.ts';
import type { WebResult } from '../conversation/web-search.ts';
import type { Caller } from '../kiro/caller.ts';
import { CatalogueCache, type Catalogue } from '../kiro/catalogue.ts';
import { ControlPlane, type Profile } from '../kiro/control-plane.ts';
import type { Endpoints } from '../kiro/endpoints.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { Transport } from '../kiro/transport.ts';
import { TurnClient, type TurnRequest, type TurnStream } from '../kiro/turn-client.ts';
import type { UsageLimits } from '../kiro/usage-limits.ts';
import { searchWeb } from '../kiro/web-search.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import { callerOf } from './caller.ts';
import { Leases } from './leases.ts';

export interface KiroLinkPorts {
  readonly accounts: AccountStore;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A fresh UUID. */
  readonly newId: () => string;
  readonly isOptedOut: () => boolean;
  /** An account's login is dead for good. */
  readonly onRejected: (id: string, error: AuthError) => Promise<void>;
  /** The login as its source store has it now, if it is the same account's. */
  readonly reread: (id: string) => Promise<RotatingCredential | undefined>;
  /** Something could not be written that can be learnt again; requests go on. */
  readonly onProblem: (message: string, cause: unknown) => void;
}

/** Calls Kiro in the name of accounts: every call gets a fresh credential, and a refused one is renewed once. */
export class KiroLink {
  readonly #keeper: LoginKeeper;
  readonly #control: ControlPlane;
  readonly #turns: TurnClient;
  readonly #catalogues: CatalogueCache;
  readonly #ports: KiroLinkPorts;
  readonly #closing = new AbortController();
  readonly #catalogueLeases: Leases;
  /** Tokens that were taken from a source store anew, by account: to be noted as used up with what comes of them. */
  readonly #adopted = new Map<string, string>();
  /** Access tokens that came in place of a refused one, until Kiro answers something else than that it refuses them; by account. */
  readonly #onTrial = new Map<string, string>();

  constructor(ports: KiroLinkPorts) {
    this.#ports = ports;
    this.#catalogueLeases = new Leases(() => 2, ports.now);
    this.#keeper = new LoginKeeper({
      read: (id) => accountOf(ports.accounts, id).credential,
      write: (id, credential) => this.#write(id, credential),
      onRejected: ports.onRejected,
      reread: (id) => this.#reread(id),
      refresh: (credential) => this.#refresh(credential),
      now: ports.now,
      wait: ports.wait,
    });
    this.#control = new ControlPlane(ports);
    this.#turns = new TurnClient(ports);
    this.#catalogues = new CatalogueCache({
      now: ports.now,
      fetch: async (id) => {
        // After a long sleep all logins have ended at once: a few at a time are renewed, not ten (DESIGN §4).
        using _ = await this.#catalogueLeases.acquire('catalogues', this.#closing.signal);
        return this.#call(id, (caller) => this.#control.models(caller, this.#closing.signal));
      },
    });
  }

  /** @throws KiroError or AuthError */
  usage(id: string): Promise<UsageLimits> {
    return this.#call(id, (caller) => this.#control.usage(caller, this.#closing.signal));
  }

  /** Asks with a credential that belongs to no account yet. @throws KiroError */
  usageOf(credential: Credential): Promise<UsageLimits> {
    this.throwIfClosed();
    return this.#control.usage(callerOf('new', credential), this.#closing.signal);
  }

  /** Sees to it that the account's access token lasts for some minutes more. @throws AuthError */
  async keepFresh(id: string): Promise<void> {
    this.throwIfClosed();
    await this.#keeper.ensureFresh(id);
  }

  /** @throws KiroError or AuthError */
  profiles(id: string): Promise<Profile[]> {
    return this.#call(id, (caller) => this.#control.profiles(caller, this.#closing.signal));
  }

  catalogue(id: string): Promise<Catalogue | undefined> {
    return this.#catalogues.get(id);
  }

  knownCatalogue(id: string): Catalogue | undefined {
    return this.#catalogues.peek(id);
  }

  /** Searches the web by Kiro's own search. @throws KiroError or AuthError */
  searchWeb(id: string, query: string, signal: AbortSignal): Promise<WebResult[]> {
    return this.#call(id, (caller) => searchWeb(this.#ports, caller, query, signal), signal);
  }

  /** Sends one turn and resolves once Kiro accepted it. @throws KiroError or AuthError */
  openTurn(id: string, request: TurnRequest): Promise<TurnStream> {
    return this.#call(id, (caller) => this.#turns.open(caller, request), request.signal);
  }

  /**
   * Makes a login that another program shares our own: refreshes it at once, and notes its present token as used up.
   * @throws AuthError when it could not be refreshed; it is shared as before then
   */
  async fork(id: string): Promise<void> {
    const { credential } = accountOf(this.#ports.accounts, id);
    if (credential.kind === 'api-key') return;
    const before = credential.refreshToken;
    this.#adopted.set(id, tokenHash(before));
    try {
      await this.#keeper.renew(id, bearerOf(credential));
    } finally {
      this.#adopted.delete(id);
    }
    await this.#ports.accounts.update(id, (account) => {
      const isForked = account.credential.kind !== 'api-key' && account.credential.refreshToken !== before;
      return isForked ? { ...account, provenance: 'forked' } : account;
    });
  }

  /** Forgets what was learnt about an account's access, after its login changed. */
  forget(id: string): void {
    this.#catalogues.forget(id);
  }

  /** Ends the questions that can be asked again, and takes no call any more. A refresh that runs goes on to its end. */
  interrupt(): void {
    this.#closing.abort();
  }

  /** Waits until every token that is being refreshed is on disk. */
  close(): Promise<void> {
    return this.#keeper.close();
  }

  /** Nothing may be started, nor written, once the data folder is about to be let go. @throws KiroError */
  throwIfClosed(): void {
    if (this.#closing.signal.aborted) throw new KiroError('network', 'Kiro Pool is stopping');
  }

  async #call<T>(id: string, run: (caller: Caller) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.throwIfClosed();
    const credential = await this.#keeper.ensureFresh(id, signal);
    try {
      return await this.#tried(id, credential, run);
    } catch (error) {
      this.throwIfClosed();
      if (!isRefusal(error)) throw error;
      // Refused in the place of a refused one: yet another would fare no better, however many requests meet this one.
      if (this.#onTrial.get(id) === bearerOf(credential)) throw error;
      const renewed = await this.#keeper.renew(id, bearerOf(credential), signal);
      this.#onTrial.set(id, bearerOf(renewed));
      return this.#tried(id, renewed, run);
    }
  }

  /** Whatever else becomes of a call, its token was not refused: when it is one day, it may have ended early as any other. */
  async #tried<T>(id: string, credential: Credential, run: (caller: Caller) => Promise<T>): Promise<T> {
    const pass = (): void => {
      if (this.#onTrial.get(id) === bearerOf(credential)) this.#onTrial.delete(id);
    };
    try {
      const result = await run(callerOf(id, credential));
      pass();
      return result;
    } catch (error) {
      if (!isRefusal(error)) pass();
      throw error;
    }
  }

  async #reread(id: string): Promise<RotatingCredential | undefined> {
    const found = await this.#ports.reread(id);
    if (found) this.#adopted.set(id, tokenHash(found.refreshToken));
    return found;
  }

  /** In one go, hence in one write: the new token, and that the one it came of must not be sent again by an import. */
  async #write(id: string, credential: Credential): Promise<void> {
    const { accounts } = this.#ports;
    const forkedFrom = this.#adopted.get(id);
    this.#adopted.delete(id);
    const saved = accounts.update(id, (account) => ({
      ...account,
      credential,
      ...(forkedFrom === undefined ? {} : { forkedFrom }),
    }));
    await Promise.all([saved, forkedFrom === undefined ? undefined : accounts.markSpent(forkedFrom)]);
  }

  /** A rejected token is never sent again, not after a restart either (DESIGN promise 3). */
  async #refresh(credential: RotatingCredential): Promise<RotatingCredential> {
    const { accounts, onProblem } = this.#ports;
    const hash = tokenHash(credential.refreshToken);
    if (accounts.isSpent(hash)) {
      throw new AuthError(
        'rejected',
        'The refresh token of this login was refused or used up before, so it is not sent again.',
        'Sign in to this account again, then import it again.',
      );
    }
    try {
      return await refresh(credential, this.#ports);
    } catch (error) {
      if (error instanceof AuthError && error.code === 'rejected') {
        await accounts
          .markSpent(hash)
          .catch((cause: unknown) => onProblem('It could not be noted that a token was refused', cause));
      }
      throw error;
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof KiroError && error.class === 'token-invalid';
}
