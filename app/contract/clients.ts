import * as v from 'valibot';
import { nullableString } from './scalars.ts';
import type { Contract } from './shape.ts';

/** A coding tool, and whether it uses Kiro Pool already. */
const client = v.object({
  /** `opencode`, `claude-code`, … */
  name: v.string(),
  title: v.string(),
  /**
   * `absent`: not found on this machine. `ready`: found, not set up. `configured`: uses Kiro Pool. `outdated`: set up, but the
   * endpoint or the models have changed since. `broken`: its config cannot be read, and is left alone.
   */
  status: v.picklist(['absent', 'ready', 'configured', 'outdated', 'broken']),
  /** One sentence about the status. */
  detail: v.string(),
  /** The config that would be changed; null for a tool that only takes environment variables. */
  configPath: nullableString,
  /** Whether there is something of ours to take back. */
  canUndo: v.boolean(),
  /** The models that it was set up with; null where it was left its own choice. */
  model: nullableString,
  smallModel: nullableString,
});

/** What a tool is to be told beside the endpoint and its models. */
const choices = {
  /** The model that it starts with; its own choice when absent. */
  model: v.optional(v.string()),
  /** The cheap model for titles and summaries; left as it is when absent. */
  smallModel: v.optional(v.string()),
};

const named = { name: v.pipe(v.string(), v.nonEmpty()) };

const change = v.object({
  path: v.string(),
  /** `create`, `edit`, or `none` when it is as it should be. */
  kind: v.picklist(['create', 'edit', 'none']),
  /** Unified diff with three lines of context; empty for `none`. Holds no secret. */
  diff: v.string(),
});

const plan = v.object({
  changes: v.array(change),
  /** What the user does besides, one sentence or command a step, such as to start the tool anew. */
  steps: v.array(v.string()),
});

/** Setting up other tools. Nothing is written before `clients.apply`. */
export const clientQuestions = {
  'clients.list': { input: v.object({}), output: v.array(client) },
  /** What `clients.apply` would do. */
  'clients.preview': { input: v.object({ ...named, ...choices }), output: plan },
  'clients.apply': {
    input: v.object({ ...named, ...choices }),
    output: v.object({ ...plan.entries, backups: v.array(v.string()) }),
  },
  /** Takes back what we wrote; what the user has changed since stays. */
  'clients.undo': { input: v.object(named), output: plan },
} as const satisfies Contract;
