import * as v from 'valibot';
import { importResult } from './accounts.ts';
import { nothing, nullableString } from './scalars.ts';
import type { Contract } from './shape.ts';
import { snapshotSchema } from './snapshot.ts';

/** What the shell around the screens can do: the desktop app, or a browser that `serve --ui` was opened in. */
const desktopSchema = v.object({
  host: v.picklist(['desktop', 'browser']),
  platform: v.picklist(['linux', 'darwin', 'win32', 'other']),
  /** Whether there is a tray icon. Some Linux desktops have none. */
  hasTray: v.boolean(),
  /** Null where the shell cannot tell or change it. */
  startsAtLogin: v.nullable(v.boolean()),
  update: v.object({
    /** `off` where no place to look for updates is configured. */
    state: v.picklist(['off', 'idle', 'checking', 'downloading', 'ready', 'failed']),
    /** The version that is ready or under way. */
    version: nullableString,
    /** Why it failed, in words. */
    detail: nullableString,
  }),
});

const file = v.object({ path: nullableString });
const passphrase = v.pipe(v.string(), v.minLength(1));
const restored = v.picklist(['added', 'kept', 'updated', 'failed']);

/** What a restore did with each thing in the backup. */
export const restoreResult = v.object({
  accounts: v.array(v.object({ id: nullableString, label: v.string(), result: restored, reason: v.string() })),
  keys: v.array(v.object({ name: v.string(), result: restored, reason: v.string() })),
  settings: v.array(v.object({ key: v.string(), result: restored, reason: v.string() })),
});

/**
 * What screens ask of the shell itself. Secrets stay on its side: a key goes to the clipboard, or comes from it, without
 * passing through a screen, and files are chosen in the shell's own dialogs.
 */
export const desktopQuestions = {
  'desktop.info': { input: nothing, output: desktopSchema },
  'desktop.copyText': { input: v.object({ text: v.pipe(v.string(), v.maxLength(100_000)) }), output: nothing },
  /** Copies a local API key. */
  'desktop.copyKey': { input: v.object({ name: v.string() }), output: nothing },
  /** Makes a local API key and copies it. */
  'desktop.createKey': { input: v.object({ name: v.string() }), output: nothing },
  /** Opens a page that the engine named (a sign-in), or one of the project's own, in the browser. */
  'desktop.openUrl': { input: v.object({ url: v.string() }), output: nothing },
  'desktop.setStartAtLogin': { input: v.object({ isOn: v.boolean() }), output: nothing },
  /** Shows the window at a screen, such as `overview`, `wizard` or `wizard/api-key`. */
  'desktop.show': { input: v.object({ route: v.string() }), output: nothing },
  'desktop.quit': { input: nothing, output: nothing },
  'desktop.checkForUpdates': { input: nothing, output: nothing },
  'desktop.installUpdate': { input: nothing, output: nothing },
  /** Takes a Kiro API key from the clipboard into the pool, and clears the clipboard. */
  'desktop.addKeyFromClipboard': { input: nothing, output: importResult },
  /** `path` is null when the user chose no file. */
  'desktop.saveBackup': {
    input: v.object({ passphrase }),
    output: v.object({ ...file.entries, left: v.array(v.string()) }),
  },
  'desktop.restoreBackup': { input: v.object({ passphrase }), output: v.nullable(restoreResult) },
  'desktop.saveText': { input: v.object({ suggestedName: v.string(), text: v.string() }), output: file },
} as const satisfies Contract;

/** What is pushed to screens, by name. */
export const screenEvents = {
  snapshot: snapshotSchema,
  desktop: desktopSchema,
  /** The user asked for a screen from outside: the tray, a notification, a second start. */
  navigate: v.object({ route: v.string() }),
} as const;

export type DesktopInfo = v.InferOutput<typeof desktopSchema>;
