import { app, dialog, Notification } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, openEngine, type Engine, type EngineOptions } from '../app/engine.ts';
import { keychainSecretBox, startAfresh, type KeychainBoxOptions } from '../app/store/keychain-box.ts';
import { StoreError } from '../app/store/store-error.ts';
import { keySealer, keychainStrength } from './key-sealer.ts';
import { words } from './words.ts';

/** How often a start that nobody watches looks whether the keychain is unlocked, in ms. */
const keychainLookMs = 2_000;
/** After so many looks the user is told. */
const looksUntilTold = 30;

export interface OpenOptions extends Pick<EngineOptions, 'dataDir' | 'env' | 'log' | 'desktop'> {
  readonly platform: NodeJS.Platform;
  /** Whether nobody has asked for the app yet: then it waits for the keychain instead of asking. */
  readonly isHidden: () => boolean;
  /** Resolves when somebody does. */
  readonly somebodyCame: Promise<void>;
}

/**
 * Opens the engine with the system's keychain, and lets it listen.
 * @returns undefined when the user gave up
 */
export async function openDesktopEngine(options: OpenOptions): Promise<Engine | undefined> {
  let makesNewKey = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return await openOnce(options, makesNewKey);
    } catch (error) {
      makesNewKey = false;
      if (options.isHidden() && isLocked(error)) {
        if (tries === looksUntilTold && Notification.isSupported())
          new Notification({ ...words.notices.locked, silent: true }).show();
        await Promise.race([sleep(keychainLookMs), options.somebodyCame]);
        continue;
      }
      const wanted = await askUser(error);
      if (wanted === 'quit') return undefined;
      makesNewKey = wanted === 'start-afresh';
    }
  }
}

async function openOnce({ platform, ...options }: OpenOptions, makesNewKey: boolean): Promise<Engine> {
  const { dataDir, env, log, desktop } = options;
  const strength = await keychainStrength(platform);
  const engine = await openEngine({
    dataDir,
    env,
    log,
    now: () => Date.now(),
    ...(desktop === undefined ? {} : { desktop }),
    secretBox: ({ path }) => {
      const box: KeychainBoxOptions = { dataDir: path, env, sealer: keySealer, strength, now: Date.now };
      return makesNewKey ? startAfresh(box) : keychainSecretBox(box);
    },
  });
  try {
    const { settings, condition } = engine.parts;
    const [host, port] = [settings.get('host'), settings.get('port')];
    await engine.serve({ host, port, allowLan: false }).catch(async (error: unknown) => {
      if (!(error instanceof CommandError && error.code === 'lan-not-allowed')) throw error;
      // An app that does not start cannot be set right.
      condition.problems.push(words.hostIsNotLocal(host));
      await engine.serve({ host: '127.0.0.1', port, allowLan: false });
    });
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'keychain-locked';
}

async function askUser(error: unknown): Promise<'retry' | 'start-afresh' | 'quit'> {
  const { start } = words;
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? `\n\n${error.hint}` : '';
  const buttons = [start.retry, start.quit, ...(isLocked(error) ? [start.startAfresh] : [])];
  app.focus();
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: start.failed,
    detail: `${error instanceof Error ? error.message : String(error)}${hint}`,
    buttons,
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) return 'retry';
  return response === 2 ? confirmAfresh() : 'quit';
}

async function confirmAfresh(): Promise<'retry' | 'start-afresh'> {
  const { message, detail, confirm, cancel } = words.start.afresh;
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message,
    detail,
    buttons: [cancel, confirm],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1 ? 'start-afresh' : 'retry';
}
