import { resolveModelName, type KiroModel, type ModelName } from './models.ts';

/** The models that one caller may use, as last told by Kiro (protocol §6.4). */
export interface Catalogue {
  readonly models: ReadonlyMap<string, KiroModel>;
  readonly fetchedAt: number;
}

export interface CatalogueCachePorts {
  readonly now: () => number;
  /** Asks Kiro for all models of a caller. */
  readonly fetch: (caller: string) => Promise<KiroModel[]>;
}

const freshMs = 30 * 60_000;
const retryMs = 5 * 60_000;

/**
 * Keeps each caller's catalogue for 30 minutes. A failed or empty answer never replaces a good one, and is asked for again
 * after 5 minutes (protocol §6.4).
 */
export class CatalogueCache {
  readonly #ports: CatalogueCachePorts;
  readonly #known = new Map<string, Catalogue>();
  readonly #failedAt = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(ports: CatalogueCachePorts) {
    this.#ports = ports;
  }

  /**
   * The caller's catalogue. Waits for Kiro only when nothing is known yet; an old one is renewed in the background.
   * Undefined when Kiro has never told, which is no reason to refuse a model.
   */
  async get(caller: string): Promise<Catalogue | undefined> {
    const known = this.#known.get(caller);
    if (known && this.#ports.now() - known.fetchedAt < freshMs) return known;
    const renewal = this.#renew(caller);
    if (!known) await renewal;
    return this.#known.get(caller);
  }

  /** What is known without asking. */
  peek(caller: string): Catalogue | undefined {
    return this.#known.get(caller);
  }

  forget(caller: string): void {
    this.#known.delete(caller);
    this.#failedAt.delete(caller);
    this.#running.delete(caller);
  }

  #renew(caller: string): Promise<void> {
    const running = this.#running.get(caller);
    if (running) return running;
    if (this.#ports.now() - (this.#failedAt.get(caller) ?? Number.NEGATIVE_INFINITY) < retryMs)
      return Promise.resolve();
    const renewal: Promise<void> = this.#ask(caller).then((models) => this.#settle(caller, renewal, models));
    this.#running.set(caller, renewal);
    return renewal;
  }

  #settle(caller: string, renewal: Promise<void>, models: readonly KiroModel[]): void {
    // Forgotten while it ran: the answer may be for a login that the caller no longer has.
    if (this.#running.get(caller) !== renewal) return;
    this.#running.delete(caller);
    this.#keep(caller, models);
  }

  async #ask(caller: string): Promise<readonly KiroModel[]> {
    try {
      return await this.#ports.fetch(caller);
    } catch {
      return [];
    }
  }

  #keep(caller: string, models: readonly KiroModel[]): void {
    if (models.length === 0) {
      this.#failedAt.set(caller, this.#ports.now());
      return;
    }
    this.#failedAt.delete(caller);
    this.#known.set(caller, {
      models: new Map(models.map((model) => [model.id, model])),
      fetchedAt: this.#ports.now(),
    });
  }
}

const nothing = new Set<string>();

/** Resolves a client's model name against one catalogue, or passes it on when there is none. */
export function resolveInCatalogue(name: string, catalogue: Catalogue | undefined): ModelName {
  return resolveModelName(name, catalogue?.models ?? nothing);
}
