import type { DoubleOptions, SecretBackend } from './options.ts';

/** One value that crossed between the main process and a window. */
export interface IpcMessage {
  readonly direction: 'to-main' | 'to-window';
  readonly kind: 'send' | 'invoke' | 'reply' | 'error';
  readonly channel: string;
  readonly payload: readonly unknown[];
}

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
}

/** The next answer of a dialog: what the user would have pressed or chosen. */
export type DialogAnswer =
  | { readonly kind: 'message'; readonly response: number }
  | { readonly kind: 'save'; readonly filePath: string | null }
  | { readonly kind: 'open'; readonly filePaths: readonly string[] };

/** A dialog that was shown. */
export interface ShownDialog {
  readonly kind: DialogAnswer['kind'] | 'error';
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** The machine around the app, as far as Electron tells of it. Tests turn it; the doubles read it. */
export interface Machine {
  readonly options: DoubleOptions;
  readonly ipc: IpcMessage[];
  readonly openedUrls: string[];
  readonly refusedRequests: string[];
  readonly notifications: ShownNotification[];
  readonly dialogs: ShownDialog[];
  readonly dialogAnswers: DialogAnswer[];
  /** Dialogs that wait for their answer, the oldest first. */
  readonly openDialogs: ((answer: DialogAnswer) => void)[];
  clipboardText: string;
  isOnline: boolean;
  isSystemDark: boolean;
  secrets: SecretBackend;
  /** How often the key of the keychain was rotated, which asks for sealing again. */
  secretGeneration: number;
  /** The first generation whose key is still there. */
  oldestSecretGeneration: number;
  openAtLogin: { readonly isOn: boolean; readonly args: readonly string[] };
  relaunches: number;
  pointer: { readonly x: number; readonly y: number };
}

let machine: Machine | undefined;

/** @throws when the double was imported outside of its own start */
export function theMachine(): Machine {
  if (!machine) throw new Error('electron double: nobody started it');
  return machine;
}

/** Begins with a machine that nothing has happened on. */
export function startMachine(options: DoubleOptions): void {
  machine = {
    options,
    ipc: [],
    openedUrls: [],
    refusedRequests: [],
    notifications: [],
    dialogs: [],
    dialogAnswers: [],
    openDialogs: [],
    clipboardText: '',
    isOnline: options.isOnline,
    isSystemDark: options.isSystemDark,
    secrets: options.secrets,
    secretGeneration: 1,
    oldestSecretGeneration: 1,
    openAtLogin: { isOn: options.wasOpenedAtLogin, args: [] },
    relaunches: 0,
    pointer: { x: 960, y: 20 },
  };
}
