import type { JsonObject } from '../../conversation/conversation.ts';
import { placeOf } from './output-items.ts';
import { responseId, type ResponseObject } from './response.ts';

/** One answer that the client asked to have kept, and the conversation that it belongs to. */
export interface KeptResponse<Response = ResponseObject> {
  readonly response: Response;
  /** The conversation up to the answer, in items. */
  readonly items: readonly JsonObject[];
  /** How many of the items came with earlier requests. */
  readonly inherited: number;
}

/** The same as it comes back: plain JSON, whose items may be a conversation's again. */
export type RecalledResponse = KeptResponse<JsonObject & { readonly output: readonly JsonObject[] }>;

/**
 * Keeps answers for clients that refer to them by id instead of sending them again. Bounded: what is older than `maxAgeMs` goes,
 * and the oldest go once more than `maxBytes` are held. Lost with the process.
 * A long conversation takes a while to be written down: that is done once the answer is on its way, and at the latest when one is
 * looked for.
 */
export class ResponseMemory {
  /** Each as JSON, so that its size is known and nobody can change it. Oldest first. */
  readonly #kept = new Map<string, { readonly json: Buffer; readonly at: number }>();
  /** Not written down yet. */
  readonly #waiting = new Map<string, { readonly kept: KeptResponse; readonly at: number }>();
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  #bytes = 0;

  /** @param now in ms since 1970 */
  constructor(now: () => number, { maxBytes = 64 * 1024 * 1024, maxAgeMs = 24 * 3_600_000 } = {}) {
    this.#now = now;
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
  }

  /** How long and how much is kept, in words. */
  get bounds(): string {
    const hours = Math.round(this.#maxAgeMs / 3_600_000);
    return `the last ${Math.round(this.#maxBytes / 1024 / 1024)} MiB of ${hours} hours, in memory`;
  }

  /** @param kept must not change any more */
  keep(kept: KeptResponse): void {
    const { id } = kept.response;
    this.#waiting.set(id, { kept, at: this.#now() });
    setImmediate(() => this.#writeDown(id));
  }

  /** @param id as `resp_…` */
  find(id: string): RecalledResponse | undefined {
    for (const waiting of this.#waiting.keys()) this.#writeDown(waiting);
    this.#forgetExcess();
    const json = this.#kept.get(id)?.json;
    if (!json) return undefined;
    const kept: RecalledResponse = JSON.parse(json.toString());
    return kept;
  }

  /** The item of an answer that is kept. */
  item(id: string): JsonObject | undefined {
    const place = placeOf(id);
    const item = place && this.find(responseId(place.answerId))?.response.output[place.index];
    return item?.['id'] === id ? item : undefined;
  }

  /** Returns whether there was something to forget. */
  forget(id: string): boolean {
    const kept = this.#kept.get(id);
    if (!kept) return this.#waiting.delete(id);
    this.#bytes -= kept.json.length;
    return this.#kept.delete(id);
  }

  #writeDown(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    const json = ownBytes(JSON.stringify(waiting.kept));
    this.#kept.set(id, { json, at: waiting.at });
    this.#bytes += json.length;
    this.#forgetExcess();
  }

  #forgetExcess(): void {
    const oldest = this.#now() - this.#maxAgeMs;
    for (const [id, { at }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes && at >= oldest) break;
      this.forget(id);
    }
  }
}

/**
 * The text in UTF-8, in memory of its own. `Buffer.from` would cut a short one from a slab of 64 KiB, which stays as long as any piece
 * of it does: what is kept would take many times what is counted.
 */
function ownBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
