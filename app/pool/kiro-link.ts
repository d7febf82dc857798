import type { AuthError } from '../auth/auth-error.ts';
import { bearerOf, type RotatingCredential } from '../auth/credential.ts';
import { LoginKeeper } from '../auth/login-keeper.ts';
import { refresh } from '../auth/refresh.ts';
import type { Caller } from '../kiro/caller.ts';
import { CatalogueCache, type Catalogue } from '../kiro/catalogue.ts';
import { ControlPlane, type Profile } from '../kiro/control-plane.ts';
import type { Endpoints } from '../kiro/endpoints.ts';
import { KiroError } from '../kiro/kiro-error.ts';
import type { Transport } from '../kiro/transport.ts';
import { TurnClient, type TurnRequest, type TurnStream } from '../kiro/turn-client.ts';
import type { UsageLimits } from '../kiro/usage-limits.ts';
import { accountOf, type AccountStore } from './account-store.ts';
import { callerOf } from './caller.ts';

export interface KiroLinkPorts {
  readonly accounts: AccountStore;
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly now: () => number;
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly newId: () => string;
  readonly isOptedOut: () => boolean;
  /** An account's login is dead for good. */
  readonly onRejected: (id: string, error: AuthError) => Promise<void>;
  /** The login as its source store has it now, if it is the same account's. */
  readonly reread: (id: string) => Promise<RotatingCredential | undefined>;
}

/** Calls Kiro in the name of accounts: every call gets a fresh credential, and a refused one is renewed once. */
export class KiroLink {
  readonly #keeper: LoginKeeper;
  readonly #control: ControlPlane;
  readonly #turns: TurnClient;
  readonly #catalogues: CatalogueCache;

  constructor(ports: KiroLinkPorts) {
    this.#keeper = new LoginKeeper({
      read: (id) => accountOf(ports.accounts, id).credential,
      write: (id, credential) => ports.accounts.update(id, (account) => ({ ...account, credential })),
      onRejected: ports.onRejected,
      reread: ports.reread,
      refresh: (credential) => refresh(credential, ports),
      now: ports.now,
      wait: ports.wait,
    });
    this.#control = new ControlPlane(ports);
    this.#turns = new TurnClient(ports);
    this.#catalogues = new CatalogueCache({
      now: ports.now,
      fetch: (id) => this.#call(id, (caller) => this.#control.models(caller)),
    });
  }

  /** @throws KiroError or AuthError */
  usage(id: string): Promise<UsageLimits> {
    return this.#call(id, (caller) => this.#control.usage(caller));
  }

  /** @throws KiroError or AuthError */
  profiles(id: string): Promise<Profile[]> {
    return this.#call(id, (caller) => this.#control.profiles(caller));
  }

  catalogue(id: string): Promise<Catalogue | undefined> {
    return this.#catalogues.get(id);
  }

  knownCatalogue(id: string): Catalogue | undefined {
    return this.#catalogues.peek(id);
  }

  /** Sends one turn and resolves once Kiro accepted it. @throws KiroError or AuthError */
  openTurn(id: string, request: TurnRequest): Promise<TurnStream> {
    return this.#call(id, (caller) => this.#turns.open(caller, request), request.signal);
  }

  /** Forgets what was learnt about an account's access, after its login changed. */
  forget(id: string): void {
    this.#catalogues.forget(id);
  }

  /** Waits until every token that is being refreshed is on disk. */
  close(): Promise<void> {
    return this.#keeper.close();
  }

  async #call<T>(id: string, run: (caller: Caller) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const credential = await this.#keeper.ensureFresh(id, signal);
    try {
      return await run(callerOf(id, credential));
    } catch (error) {
      if (!(error instanceof KiroError) || error.class !== 'token-invalid') throw error;
      const renewed = await this.#keeper.renew(id, bearerOf(credential), signal);
      return run(callerOf(id, renewed));
    }
  }
}
