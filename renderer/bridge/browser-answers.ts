import type { DesktopInfo, Input, Output, Reply, ScreenContract } from '../../app/contract.ts';
import { words } from '../messages/words.ts';

/** What a browser is, among the shells that screens live in. */
export const asBrowser: DesktopInfo = {
  host: 'browser',
  platform: 'other',
  hasTray: false,
  startsAtLogin: null,
  update: { state: 'off', version: null, detail: null },
};

type Answers = {
  readonly [Q in keyof ScreenContract]?: (input: Input<ScreenContract, Q>) => Promise<Reply<Output<ScreenContract, Q>>>;
};

/** What a browser answers in the place of the desktop app's shell. All other questions go to the engine. */
export const browserAnswers: Answers = {
  'desktop.info': () => done(asBrowser),
  'desktop.copyText': async ({ text }) => {
    try {
      await navigator.clipboard.writeText(text);
      return { ok: true, result: {} };
    } catch {
      return { ok: false, error: { code: 'browser', ...words.failures.noClipboard } };
    }
  },
  'desktop.openUrl': ({ url }) => {
    window.open(url, '_blank', 'noopener,noreferrer');
    return done({});
  },
  'desktop.show': ({ route }) => {
    window.location.hash = route;
    return done({});
  },
  'desktop.saveText': ({ suggestedName, text }) => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = suggestedName;
    link.click();
    URL.revokeObjectURL(url);
    return done({ path: suggestedName });
  },
  'desktop.copyKey': () => refused(words.failures.onlyDesktop.copyKey),
  'desktop.createKey': () => refused(words.failures.onlyDesktop.createKey),
  'desktop.setStartAtLogin': () => refused(words.failures.onlyDesktop.startAtLogin),
  'desktop.quit': () => refused(words.failures.onlyDesktop.quit),
  'desktop.checkForUpdates': () => refused(words.failures.onlyDesktop.updates),
  'desktop.installUpdate': () => refused(words.failures.onlyDesktop.updates),
  'desktop.addKeyFromClipboard': () => refused(words.failures.onlyDesktop.addKey),
  'desktop.saveBackup': () => refused(words.failures.onlyDesktop.saveBackup),
  'desktop.restoreBackup': () => refused(words.failures.onlyDesktop.restoreBackup),
};

function done<T>(result: T): Promise<Reply<T>> {
  return Promise.resolve({ ok: true, result });
}

function refused(hint: string): Promise<Reply<never>> {
  return Promise.resolve({ ok: false, error: { code: 'browser', message: words.failures.onlyDesktop.message, hint } });
}
