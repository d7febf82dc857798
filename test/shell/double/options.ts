/** How a launch sets the double up. Crosses to the main process as JSON. */
export interface DoubleOptions {
  /** Absolute path of the entry of the main process. */
  readonly main: string;
  /** Absolute path of the app's folder, where its package.json is. */
  readonly appPath: string;
  readonly appName: string;
  readonly appVersion: string;
  /** What follows the program and the app in `process.argv`. */
  readonly args: readonly string[];
  readonly platform: Platform;
  /** The folders that `app.getPath` names, by name. */
  readonly paths: Readonly<Record<string, string>>;
  readonly secrets: SecretBackend;
  readonly isSystemDark: boolean;
  readonly isOnline: boolean;
  readonly wasOpenedAtLogin: boolean;
  /** How long the entry may wait for a readiness that comes only after it, in ms. */
  readonly longestEntryMs: number;
}

export type Platform = 'linux' | 'darwin' | 'win32';

/**
 * The tag of what is sealed: `v10` on Linux is a key that everybody knows, `v11` the Secret Service, `v12` the portal. One that is
 * locked may open later.
 */
export type SecretBackend = 'v10' | 'v11' | 'v12' | 'locked' | 'unavailable';

export const optionsVariable = 'ELECTRON_DOUBLE';
export const bindingName = 'electronDouble';
export const isolatedWorld = 'Electron Isolated Context';

/** What the test process tells the main process: where Chromium is, or what to run there. */
export type Order =
  | { readonly kind: 'chromium'; readonly endpoint: string }
  | {
      readonly kind: 'run';
      readonly id: number;
      /** A function's source is called with the `electron` module or with the controls, and the argument. */
      readonly on: 'electron' | 'controls';
      readonly source: string;
      readonly argument: unknown;
    };

export interface OrderResult {
  readonly id: number;
  /** Of the type that the function returns; it is known where it was asked for. */
  readonly value: never;
  readonly error?: string;
}
