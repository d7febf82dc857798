/**
 * Remembers for each caller which of its ways worked last, so that a host that does not serve it is asked once and not before
 * every request (protocol §4.1).
 */
export class HostMemory<Route> {
  readonly #last = new Map<string, string>();
  readonly #name: (route: Route) => string;

  /** @param name tells routes apart; the same in every run */
  constructor(name: (route: Route) => string) {
    this.#name = name;
  }

  /** The same routes with the one that worked last in front. */
  order(caller: string, routes: readonly Route[]): Route[] {
    const last = this.#last.get(caller);
    const index = routes.findIndex((route) => this.#name(route) === last);
    const best = routes[index];
    return best === undefined ? [...routes] : [best, ...routes.filter((route) => route !== best)];
  }

  worked(caller: string, route: Route): void {
    this.#last.set(caller, this.#name(route));
  }
}
