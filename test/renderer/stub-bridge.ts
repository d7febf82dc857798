/** The bridge that tests put on the window: it answers from a script, keeps what was asked, and pushes what a test wants. */
import type { Page } from '@playwright/test';
import type { DesktopInfo, ScreenEvents, Snapshot } from '../../app/contract.ts';
import type { Link } from '../../renderer/bridge/screen-bridge.ts';
import { pictureTime, type Answers, type State } from './state.ts';

/** How a test reaches the stub inside the page. */
export interface Stub {
  readonly asked: { readonly question: string; readonly input: unknown }[];
  push<E extends keyof ScreenEvents>(event: E, value: ScreenEvents[E]): void;
  link(link: Link): void;
  /** Changes what is answered from now on. */
  answer(answers: Answers): void;
}

declare global {
  interface Window {
    readonly stub: Stub;
  }
}

export const desktopApp: DesktopInfo = {
  host: 'desktop',
  platform: 'linux',
  hasTray: true,
  startsAtLogin: true,
  update: { state: 'idle', version: null, detail: null },
};

/** Puts the bridge of a state on every page that is opened, and sets the clock. */
export async function installStub(page: Page, state: State): Promise<void> {
  await page.clock.setFixedTime(pictureTime);
  await page.addInitScript(stubInPage, {
    snapshot: state.snapshot,
    desktop: state.desktop ?? desktopApp,
    answers: state.answers ?? {},
  });
}

/** Pushes a newer snapshot to the page. */
export async function pushSnapshot(page: Page, snapshot: Snapshot): Promise<void> {
  await page.evaluate((next) => window.stub.push('snapshot', next), snapshot);
}

interface Script {
  readonly snapshot: Snapshot | undefined;
  readonly desktop: DesktopInfo;
  readonly answers: Answers;
}

/** Runs in the page: it may use nothing from outside of itself. */
function stubInPage(script: Script): void {
  const listeners: Record<string, Set<(value: unknown) => void>> = {};
  const linkListeners = new Set<(link: Link) => void>();
  const asked: { question: string; input: unknown }[] = [];
  let answers: Record<string, unknown> = { 'desktop.info': { ok: true, result: script.desktop }, ...script.answers };
  const first: Record<string, unknown> = { snapshot: script.snapshot, desktop: script.desktop };
  const kiroPool = {
    ask: (question: string, input: unknown) => {
      asked.push({ question, input });
      const scripted = answers[question];
      const answer = Array.isArray(scripted) ? (scripted.shift() ?? 'never') : scripted;
      if (answer === 'never') return new Promise(() => {});
      return Promise.resolve(
        answer ?? {
          ok: false,
          error: { code: 'unscripted', message: `No answer to ${question}.`, hint: 'Script one.' },
        },
      );
    },
    on: (event: string, listener: (value: unknown) => void) => {
      const all = (listeners[event] ??= new Set());
      all.add(listener);
      if (first[event] !== undefined) listener(first[event]);
      return () => all.delete(listener);
    },
    onLink: (listener: (link: Link) => void) => {
      linkListeners.add(listener);
      return () => linkListeners.delete(listener);
    },
  };
  const stub = {
    asked,
    push: (event: string, value: unknown) => {
      for (const listener of listeners[event] ?? []) listener(value);
    },
    link: (link: Link) => {
      for (const listener of linkListeners) listener(link);
    },
    answer: (more: Answers) => {
      answers = { ...answers, ...more };
    },
  };
  Object.assign(window, { kiroPool, stub });
}
