import type { JsonObject } from '../../conversation/conversation.ts';
import { encodePaced } from '../../conversation/paced.ts';
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
 * A long conversation takes a while to be written down: that is done once the answer is on its way, in parts between which running
 * answers have their turn, and at the latest when one is looked for.
 */
export class ResponseMemory {
  /** Each as JSON, so that its size is known and nobody can change it. Oldest first. */
  readonly #kept = new Map<string, { readonly json: Buffer; readonly at: number }>();
  /** Not written down yet. */
  readonly #waiting = new Map<string, Waiting>();
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
    const waiting = { kept, at: this.#now() };
    this.#waiting.set(id, waiting);
    setImmediate(() => void this.#writeDown(id, waiting));
  }

  /** @param id as `resp_…` */
  find(id: string): RecalledResponse | undefined {
    for (const [waitingId, waiting] of this.#waiting)
      this.#hold(waitingId, waiting, [...partsOf(waiting.kept)].join(''));
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
    this.#bytes -= sizeOf(kept.json);
    return this.#kept.delete(id);
  }

  async #writeDown(id: string, waiting: Waiting): Promise<void> {
    if (this.#waiting.get(id) !== waiting) return;
    const json = await encodePaced(partsOf(waiting.kept));
    // Meanwhile it may have been looked for, or forgotten.
    if (this.#waiting.get(id) === waiting) this.#hold(id, waiting, json);
  }

  #hold(id: string, { at }: Waiting, text: string | Buffer): void {
    this.#waiting.delete(id);
    const json = ownBytes(text);
    this.#kept.set(id, { json, at });
    this.#bytes += sizeOf(json);
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

interface Waiting {
  readonly kept: KeptResponse;
  readonly at: number;
}

/** The JSON of what is kept, an item at a time. */
function* partsOf({ response, items, inherited }: KeptResponse): Iterable<string> {
  yield `{"response":${JSON.stringify(response)},"inherited":${inherited},"items":[`;
  for (const [index, item] of items.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(item)}`;
  yield ']}';
}

/** In bytes, with what keeping it takes besides: its buffer, its id and its place, as measured. */
function sizeOf(json: Buffer): number {
  return json.length + 500;
}

/**
 * The text in UTF-8, in memory of its own. `Buffer.from` would cut a short one from a slab of 64 KiB, which stays as long as any piece
 * of it does: what is kept would take many times what is counted.
 */
function ownBytes(text: string | Buffer): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  if (typeof text === 'string') bytes.write(text);
  else bytes.set(text);
  return bytes;
}
