/** One fault, and what is promised of it. */
export interface PromiseRow {
  readonly fault: string;
  readonly promise: string;
  /**
   * Provokes the fault in the whole product, and looks at what came of it.
   * @throws an assertion's error when the promise is broken
   */
  readonly prove: () => Promise<Proven>;
}

/** What was seen to be so, in words; or why this machine cannot bring the fault about. */
export type Proven =
  | {
      /** Status, error and message, or state, as a person or a client meets them. */
      readonly sees: string;
      /** Logins, history, files and other answers. */
      readonly kept: string;
    }
  | { readonly skipped: string };
