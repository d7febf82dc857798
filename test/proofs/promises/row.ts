/** One fault, and what is promised of it. */
export interface PromiseRow {
  readonly fault: string;
  readonly promise: string;
  /**
   * Provokes the fault in the whole product, and looks at what came of it.
   * @throws an assertion's error when the promise is broken, or when the fault was not there
   */
  readonly prove: (plant: Plant) => Promise<Proven>;
}

/**
 * Brings a fault about, and passes on what that gave. A row has its whole fault in here, so that it can also be run without: it
 * has to fail then, since a row that holds without its fault proves nothing.
 */
export type Plant = <T>(harm: () => T) => T | undefined;

export const planted: Plant = (harm) => harm();
export const leftOut: Plant = () => undefined;

/** What was seen to be so, in words; or why this machine cannot bring the fault about. */
export type Proven =
  | {
      /** Status, error and message, or state, as a person or a client meets them. */
      readonly sees: string;
      /** Logins, history, files and other answers. */
      readonly kept: string;
    }
  | { readonly skipped: string };
