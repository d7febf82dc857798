import type { Page } from '@playwright/test';
import type { LaunchOptions, ShellApp } from '../shell-app.ts';

/** Something that is true of Electron, and so has to be true of its double. */
export interface Fact {
  /** In one sentence. */
  readonly says: string;
  /** Where Electron says so: its documentation, or its source at the version that the app is built for. */
  readonly source: string;
  /** Asked of the double only: nobody can bring a real Electron into this state. */
  readonly isOfDouble?: true;
  /** Throws when it is not so. */
  check(world: FactWorld): Promise<void>;
}

export interface FactWorld {
  /** The fixture app, which facts share: one that changes it puts it back. */
  readonly shell: ShellApp;
  /** The page of its window. */
  readonly page: Page;
  /** A fixture app of the fact's own, which ends with the fact. */
  readonly launch: (options?: Partial<LaunchOptions>) => Promise<ShellApp>;
}

/** What the fixture's preload puts on the window. */
export interface FixtureBridge {
  invoke(channel: string, ...values: unknown[]): Promise<unknown>;
  send(channel: string, ...values: unknown[]): void;
  on(channel: string, listener: (...values: unknown[]) => void): () => void;
  invokePoint(): Promise<unknown>;
  sendFunction(): string | undefined;
  sendSymbol(): string | undefined;
  invokeFunction(): Promise<unknown>;
  require(name: string): string | undefined;
  exposeAgain(): string | undefined;
  throwError(): never;
  throwText(): never;
  reject(): Promise<never>;
  nested: { list: number[]; when: Date; point: { x: number; twice?: number }; deep: { call(): string } };
  callBack(callback: (value: { answer: number }) => unknown): unknown;
  same(callback: () => void): unknown;
  typeOfPageGlobal(): string;
  titleOfPage(): string;
  process: { sandboxed: boolean; type: string; contextIsolated: boolean };
}

/** What the fixture's main process notes. */
export interface FixtureNotes {
  readonly events: string[];
  readonly received: unknown[][];
  readonly early: {
    readonly isReady: boolean;
    readonly window: string | undefined;
    readonly tray: string | undefined;
    readonly session: string | undefined;
    readonly isSealingAvailable: Promise<boolean>;
    readonly sealing: Promise<string>;
  };
  readonly second?: { readonly argv: readonly string[]; readonly data: unknown };
}

declare global {
  interface Window {
    readonly fixture: FixtureBridge;
  }
  /** In the fixture's main process. */
  var fixture: FixtureNotes;
}

/** A page of Electron's documentation. */
export function docs(path: string): string {
  return `https://www.electronjs.org/docs/latest/${path}`;
}

/** A file of Electron's source. */
export function source(path: string): string {
  return `https://github.com/electron/electron/blob/v45.4.1/${path}`;
}
