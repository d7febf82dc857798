/**
 * The typed surface of the engine: every question that a screen or another process may ask, with the shape of what goes in
 * and what comes out, and what is pushed to screens. Both ends and the tests are derived from these objects. No secret
 * crosses them (DESIGN promise 7).
 *
 * Times are epoch milliseconds, amounts credits, percentages 0-100. Members may be added, never changed: scripts read them.
 */
import type * as v from 'valibot';
import { accountQuestions } from './contract/accounts.ts';
import { clientQuestions } from './contract/clients.ts';
import { desktopQuestions, type screenEvents } from './contract/desktop.ts';
import { operationQuestions } from './contract/operation.ts';
import type { Contract, Input, Output } from './contract/shape.ts';
import { usageQuestions } from './contract/usage.ts';

/** What the engine answers. */
export const contract = {
  ...operationQuestions,
  ...accountQuestions,
  ...usageQuestions,
  ...clientQuestions,
} as const satisfies Contract;

/** What a screen may ask: the engine, or the shell around the screens. */
export const screenContract = { ...contract, ...desktopQuestions } as const satisfies Contract;

export { desktopQuestions, restoreResult, screenEvents, type DesktopInfo } from './contract/desktop.ts';
export { snapshotSchema, type RequestView, type Snapshot, type SnapshotAccount } from './contract/snapshot.ts';
export type { Contract, Handlers, Input, Output } from './contract/shape.ts';

export type ScreenContract = typeof screenContract;
export type ScreenEvents = { [E in keyof typeof screenEvents]: v.InferOutput<(typeof screenEvents)[E]> };

/** An answer as it crosses a border: an error as a value, so that its code and hint arrive too. */
export type Reply<T> =
  | { readonly ok: true; readonly result: T }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string; readonly hint: string } };

/** What a screen has of the world: `window.kiroPool` in the desktop app, HTTP in a browser. */
export interface Bridge {
  ask<Q extends keyof ScreenContract>(
    question: Q,
    input: Input<ScreenContract, Q>,
  ): Promise<Reply<Output<ScreenContract, Q>>>;
  /** Calls the listener for each event until the returned function is called. A snapshot comes at once. */
  on<E extends keyof ScreenEvents>(event: E, listener: (value: ScreenEvents[E]) => void): () => void;
}

export type AccountView = Output<typeof contract, 'accounts.list'>[number];
export type ModelView = Output<typeof contract, 'models'>[number];
export type HandOffStepView = Output<typeof contract, 'handOff.news'>['steps'][number];
