import type { ServerResponse } from 'node:http';

/** Writes to many streams at a steady pace, spread over time as independent models would be. */
export class Pacer {
  readonly #frame: () => Buffer;
  readonly #streams = new Set<{ readonly response: ServerResponse; readonly periodMs: number; dueAt: number }>();
  #timer: NodeJS.Timeout | undefined;
  #added = 0;

  /** @param frame makes the next frame, at the moment it is written */
  constructor(frame: () => Buffer) {
    this.#frame = frame;
  }

  /** Writes a frame every `periodMs` until the response is closed. */
  add(response: ServerResponse, periodMs: number): void {
    response.write(this.#frame());
    // Steps of the golden ratio spread any number of streams evenly over the period.
    const phase = (this.#added * 0.618) % 1;
    this.#added += 1;
    const stream = { response, periodMs, dueAt: performance.now() + periodMs * (1 + phase) };
    this.#streams.add(stream);
    response.once('close', () => this.#streams.delete(stream));
    this.#timer ??= setInterval(() => this.#tick(), 1);
  }

  #tick(): void {
    const now = performance.now();
    for (const stream of this.#streams) {
      if (stream.dueAt > now) continue;
      stream.dueAt += stream.periodMs;
      stream.response.write(this.#frame());
    }
    if (this.#streams.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
