/** The bridge that tests put on the window: it answers from a script, keeps what was asked, and pushes what a test wants. */
import type { Page } from '@playwright/test';
import type { DesktopInfo, Output, Reply, ScreenContract, ScreenEvents, Snapshot } from '../../app/contract.ts';
import type { Link } from '../../renderer/bridge/screen-bridge.ts';
import { pictureTime, type Answers, type State } from './state.ts';

/** How a test reaches the stub inside the page. */
export interface Stub {
  readonly asked: { readonly question: string; readonly input: unknown }[];
  push<E extends keyof ScreenEvents>(event: E, value: ScreenEvents[E]): void;
  link(link: Link): void;
  /** Changes what is answered from now on. */
  answer(answers: Answers): void;
  isUnderWay(question: string): boolean;
  /** Answers the oldest question of that name that is under way. */
  settle(question: string, reply: unknown): void;
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

/** Answers a question that is under way, once it was asked. */
export async function settle<Q extends keyof ScreenContract>(
  page: Page,
  question: Q,
  reply: Reply<Output<ScreenContract, Q>>,
): Promise<void> {
  await page.waitForFunction((name) => window.stub.isUnderWay(name), question);
  await page.evaluate(([name, value]) => window.stub.settle(name, value), [question, reply] as const);
}

/** What was asked by question, the oldest first. */
export function askedOf(page: Page, question: keyof ScreenContract): Promise<unknown[]> {
  return page.evaluate(
    (name) => window.stub.asked.filter((each) => each.question === name).map((each) => each.input),
    question,
  );
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
  const underWay: Record<string, ((reply: unknown) => void)[]> = {};
  let answers: Record<string, unknown> = { 'desktop.info': { ok: true, result: script.desktop }, ...script.answers };
  const first: Record<string, unknown> = { snapshot: script.snapshot, desktop: script.desktop };
  const kiroPool = {
    ask: (question: string, input: unknown) => {
      asked.push({ question, input });
      const scripted = answers[question];
      const answer = Array.isArray(scripted) ? (scripted.shift() ?? 'never') : scripted;
      if (answer === 'never') return new Promise((resolve) => (underWay[question] ??= []).push(resolve));
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
    isUnderWay: (question: string) => (underWay[question]?.length ?? 0) > 0,
    settle: (question: string, reply: unknown) => underWay[question]?.shift()?.(reply),
  };
  Object.assign(window, { kiroPool, stub });
}
