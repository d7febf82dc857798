import * as v from 'valibot';

/** How the upstream answers; set over `POST /__bench/mode`. */
export const modeSchema = v.variant('mode', [
  /** One stamped event, then the end: for times to the first token. */
  v.object({ mode: v.literal('one') }),
  /** As many events as the socket takes for this long, then the end. */
  v.object({ mode: v.literal('flood'), ms: v.number() }),
  /** Stamped events at this pace until the client leaves. */
  v.object({ mode: v.literal('paced'), perSecond: v.number() }),
  /** One event, then silence until the client leaves. */
  v.object({ mode: v.literal('hold') }),
  /** Exactly the events of so many blocks, then the end, or silence: for a look at what arrives, and at what stays. */
  v.object({ mode: v.literal('exact'), blocks: v.number(), isLeftOpen: v.optional(v.boolean(), false) }),
]);

export type Mode = v.InferOutput<typeof modeSchema>;
export type AskedMode = v.InferInput<typeof modeSchema>;

/** What the upstream has done so far. `open` are streams that run now. */
export const countersSchema = v.object({ requests: v.number(), events: v.number(), open: v.number() });

export type Counters = v.InferOutput<typeof countersSchema>;

/** Requests at least this large, in bytes, are answered as `one` whatever the mode, beside streams that run. */
export const largeBytes = 256 * 1024;
