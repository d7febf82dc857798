import * as v from 'valibot';

/** Whether an account may serve, and if not why and until when (DESIGN §5). Reasons are sentences for the user. */
export type AccountState = v.InferOutput<typeof accountStateSchema>;

const reason = v.pipe(v.string(), v.nonEmpty());

export const accountStateSchema = v.variant('name', [
  v.object({ name: v.literal('ready') }),
  /** Ends by itself at `until`; `strikes` counts the coolings in a row and doubles the next one. */
  v.object({ name: v.literal('cooling'), until: v.number(), reason, strikes: v.number() }),
  /** Credits are used up; ends when they are reset. */
  v.object({ name: v.literal('exhausted'), until: v.number(), reason }),
  /** Kiro warned us: only the user ends it. */
  v.object({ name: v.literal('parked'), reason }),
  v.object({ name: v.literal('needs-sign-in'), reason }),
  v.object({ name: v.literal('disabled'), reason }),
]);
