import { PrefixCache } from './accounting.ts';
import { Account, type AccountSpec } from './accounts.ts';
import type { Answer, Brain } from './brain-types.ts';
import type { Chunking } from './chunking.ts';
import { OidcClients } from './clients.ts';
import { DeviceLogins } from './device-logins.ts';
import { TokenFamilies } from './families.ts';
import { FaultBox } from './faults.ts';
import type { StreamEvent } from './frames.ts';
import { Journal } from './journal.ts';
import { seededRandom, type Random } from './random.ts';
import { SecretMint } from './secrets.ts';
import { SignatureBook } from './signatures.ts';

/** An answer made explicit: what to say, the events themselves, or raw bytes. */
export type ScriptedAnswer = Answer | { readonly events: readonly StreamEvent[] } | { readonly bytes: Uint8Array };

/** How the world is set up; all of it has defaults in `startEmulator`. */
export interface WorldSettings {
  readonly now: () => number;
  readonly brain: Brain;
  readonly seed: number;
  readonly accessTokenTtlMs: number;
  readonly chunking: Chunking;
  readonly eventDelayMs: number;
  /** Poll interval of device logins; `undefined` keeps the service's own (1 s OIDC, 5 s social). */
  readonly deviceIntervalMs: number | undefined;
}

/** Everything that the emulated service knows. Handlers get it with each request; nothing else keeps state. */
export class World {
  readonly mint = new SecretMint();
  readonly signatures = new SignatureBook();
  readonly faults = new FaultBox();
  readonly journal = new Journal();
  readonly prefixes = new PrefixCache();
  readonly families: TokenFamilies;
  readonly clients: OidcClients;
  readonly devices: DeviceLogins;
  readonly random: Random;
  readonly now: () => number;
  readonly settings: WorldSettings;
  readonly #accounts = new Map<string, Account>();
  readonly #scripts: { answer: ScriptedAnswer; forAccount: string | undefined }[] = [];
  /** Added to the clock, in ms. */
  clockOffsetMs = 0;
  /** Where the server listens; set once it does. */
  url = '';

  constructor(settings: WorldSettings) {
    this.settings = settings;
    this.now = () => settings.now() + this.clockOffsetMs;
    this.random = seededRandom(settings.seed);
    this.families = new TokenFamilies(this.mint, this.now, settings.accessTokenTtlMs);
    this.clients = new OidcClients(this.mint, this.now);
    this.devices = new DeviceLogins(this.mint, this.now);
  }

  /** Adds an account; its id is taken from the spec, or made from its kind. */
  addAccount(spec: AccountSpec): Account {
    const id = spec.id ?? this.#freeId(spec.kind);
    if (this.#accounts.has(id)) throw new Error(`account ${id} exists already`);
    const { mint, families, clients, now } = this;
    const account = new Account(id, spec, { mint, families, clients, now, url: () => this.url });
    this.#accounts.set(id, account);
    this.journal.of(id);
    return account;
  }

  /** The account of an id, or `undefined`. */
  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  accounts(): Account[] {
    return [...this.#accounts.values()];
  }

  /** The account that an access token or API key belongs to, if it is good now. */
  authenticate(bearer: string): Account | undefined {
    const byKey = this.accounts().find((account) => account.apiKey !== undefined && account.apiKey === bearer);
    if (byKey !== undefined) return byKey;
    const family = this.families.authenticate(bearer);
    return family === undefined ? undefined : this.#accounts.get(family.accountId);
  }

  /** Puts answers in the queue; the brain speaks when it is empty. */
  script(answers: readonly ScriptedAnswer[], forAccount?: string): void {
    for (const answer of answers) this.#scripts.push({ answer, forAccount });
  }

  /** Takes the next scripted answer for an account. */
  nextScripted(accountId: string): ScriptedAnswer | undefined {
    const index = this.#scripts.findIndex(({ forAccount }) => forAccount === undefined || forAccount === accountId);
    return index === -1 ? undefined : this.#scripts.splice(index, 1)[0]?.answer;
  }

  /** Forgets faults, scripts and journal entries; accounts and counters stay. */
  clear(): void {
    this.faults.clear();
    this.journal.clear();
    this.#scripts.length = 0;
  }

  #freeId(kind: string): string {
    for (let number = 1; ; number += 1) if (!this.#accounts.has(`${kind}-${number}`)) return `${kind}-${number}`;
  }
}
