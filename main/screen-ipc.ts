import { ipcMain, type WebContents } from 'electron';
import {
  screenContract,
  screenEvents,
  type Handlers,
  type Reply,
  type ScreenContract,
  type ScreenEvents,
} from '../app/contract.ts';
import { answer } from '../app/engine.ts';
import { isOurScreen } from './guard.ts';
import { channels } from './ipc-channels.ts';

/** What is pushed, as it is now: a screen that begins to listen is told at once. */
export type PresentState = { readonly [E in keyof ScreenEvents]: () => ScreenEvents[E] | undefined };

/** Lets our screens ask and listen. Any other sender is refused, whatever it asks. */
export function listenToScreens(handlers: Handlers<ScreenContract>, present: PresentState): void {
  ipcMain.handle(channels.ask, (event, question: unknown, input: unknown): Promise<Reply<unknown>> => {
    if (!isOurScreen(event.senderFrame)) return Promise.resolve(notAScreen);
    return answer(screenContract, handlers, String(question), input);
  });
  ipcMain.on(channels.listen, (event, name: unknown) => {
    if (!isOurScreen(event.senderFrame) || !isScreenEvent(name)) return;
    const value = present[name]();
    if (value !== undefined) pushTo(event.sender, name, value);
  });
}

/** Pushes to one screen; a window that is about to close misses nothing. */
export function pushTo<E extends keyof ScreenEvents>(contents: WebContents, name: E, value: ScreenEvents[E]): void {
  if (!contents.isDestroyed()) contents.send(channels.event, name, value);
}

const notAScreen: Reply<never> = {
  ok: false,
  error: { code: 'not-a-screen', message: 'Only the screens of Kiro Pool may ask.', hint: '' },
};

function isScreenEvent(name: unknown): name is keyof ScreenEvents {
  return typeof name === 'string' && Object.hasOwn(screenEvents, name);
}
