import type { Page } from '@playwright/test';
import type * as electronModule from 'electron';
import type { Controls } from './double/controls.ts';
import type { Platform, SecretBackend } from './double/options.ts';

/** The `electron` module as the main process has it. */
export type ElectronModule = typeof electronModule;

/** A running shell, on the double or in a real Electron: one spec serves both. */
export interface ShellApp extends AsyncDisposable {
  readonly kind: 'double' | 'electron';
  /** Resolves with its exit code, or with null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Where the app keeps its data; removed at the end. */
  readonly userData: string;
  /** The folder that is this run's home; removed at the end. */
  readonly home: string;
  /** The page of the window whose address contains or matches this; waits until there is one and it is loaded. */
  page(match: string | RegExp): Promise<Page>;
  windows(): Promise<WindowModel[]>;
  /** Runs a function in the main process. It crosses as its source: it sees nothing from around it. */
  evaluate<R, A>(fn: (electron: ElectronModule, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  evaluate<R>(fn: (electron: ElectronModule) => R | Promise<R>): Promise<R>;
  /**
   * Does to the app what the system or a person would, and asks what they would see. In a real Electron nobody can, so that a
   * spec which needs it carries the tag `@double`.
   */
  control<R, A>(fn: (controls: Controls, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  control<R>(fn: (controls: Controls) => R | Promise<R>): Promise<R>;
  /** What the main process wrote. */
  output(): string;
  /** Quits as from the menu, and resolves with the exit code. */
  quit(): Promise<number | null>;
}

export interface WindowModel {
  readonly id: number;
  readonly url: string;
  readonly title: string;
  readonly isVisible: boolean;
  readonly isFocused: boolean;
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface LaunchOptions {
  /** Absolute path of the entry of the main process. */
  readonly main: string;
  /** Absolute path of the folder with the app's package.json; by default that of the entry. */
  readonly appPath?: string;
  readonly args?: readonly string[];
  /** On top of a small environment with a home of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** An existing home, to start again where another run ended; the caller removes it. */
  readonly home?: string;
  /** These turn the double only. */
  readonly platform?: Platform;
  readonly secrets?: SecretBackend;
  readonly isSystemDark?: boolean;
  readonly isOnline?: boolean;
  readonly wasOpenedAtLogin?: boolean;
  /** How long an entry may wait for readiness at its top level, in ms. */
  readonly longestEntryMs?: number;
}
