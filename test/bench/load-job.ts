import * as v from 'valibot';

const target = v.object({ url: v.string(), path: v.string(), key: v.string(), pid: v.number() });

const shape = v.object({ turns: v.number(), resultBytes: v.number(), unicode: v.boolean() });

/** What the load generator can be asked to do. Times in ms. */
export const jobSchema = v.variant('job', [
  v.object({ job: v.literal('exact'), target, blocks: v.number() }),
  v.object({ job: v.literal('first-token'), target, count: v.number() }),
  v.object({ job: v.literal('flood'), target, connections: v.number(), ms: v.number() }),
  v.object({ job: v.literal('paced'), target, streams: v.number(), perSecond: v.number(), ms: v.number() }),
  v.object({ job: v.literal('busy'), target, streams: v.number(), perSecond: v.number(), ms: v.number() }),
  v.object({ job: v.literal('request'), target, direct: target, shape, count: v.number() }),
  v.object({ job: v.literal('sessions'), target, direct: target, count: v.number() }),
  v.object({ job: v.literal('length'), target, blocks: v.number(), times: v.number() }),
  v.object({ job: v.literal('held'), target, blocks: v.number(), heapFile: v.string() }),
  v.object({ job: v.literal('ramp'), target, steps: v.array(v.number()), perSecond: v.number(), ms: v.number() }),
  v.object({ job: v.literal('pauses'), target, streams: v.number(), count: v.number() }),
  v.object({ job: v.literal('memory'), target, steps: v.array(v.number()), heapFile: v.optional(v.string()) }),
]);

export type Job = v.InferOutput<typeof jobSchema>;
export type JobOf<Name extends Job['job']> = Extract<Job, { job: Name }>;

/** What a job measured: numbers by name. */
export const measuredSchema = v.record(v.string(), v.number());

export type Measured = v.InferOutput<typeof measuredSchema>;

/** How the load generator answers. */
export const replySchema = v.union([v.object({ measured: measuredSchema }), v.object({ error: v.string() })]);
