import type { Socket } from 'node:net';

/** How long a client may take over its request, in the names that Node's server knows, and how many may be there. */
export interface ConnectionLimits {
  /** From the connection, or the last answer on it, to the end of the headers. */
  readonly headersTimeout: number;
  /** The same to the end of the body: 32 MiB over a slow tunnel. */
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
  /** Open connections at a time. */
  readonly most: number;
}

/** In ms. Most of the users of this endpoint are on the same machine: what takes longer is broken, or means harm. */
export const connectionLimits: ConnectionLimits = {
  headersTimeout: 20_000,
  requestTimeout: 300_000,
  connectionsCheckingInterval: 5_000,
  most: 4_096,
};

/**
 * The open connections, bounded. Whoever opens many and sends nothing must not keep others out, so when there are too many the
 * oldest that carries no request goes; only when all of them carry one does the newest.
 */
export class Connections {
  readonly #most: number;
  readonly #busy: () => ReadonlySet<Socket>;
  /** The oldest first. */
  readonly #open = new Set<Socket>();

  /** @param busy the connections that carry a request */
  constructor(most: number, busy: () => ReadonlySet<Socket>) {
    this.#most = most;
    this.#busy = busy;
  }

  add(socket: Socket): void {
    if (this.#open.size >= this.#most) this.#makeRoomFor(socket);
    if (socket.destroyed) return;
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  #makeRoomFor(newest: Socket): void {
    const busy = this.#busy();
    const idle = [...this.#open].find((socket) => !busy.has(socket)) ?? newest;
    this.#open.delete(idle);
    idle.destroy();
  }
}
