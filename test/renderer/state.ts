import type { Page } from '@playwright/test';
import type { DesktopInfo, Output, Reply, ScreenContract, Snapshot } from '../../app/contract.ts';

/**
 * What the scripted bridge answers: always the same, one after another and then never, or `never` for a question that stays
 * under way. What is not listed fails and says so.
 */
export type Answers = {
  readonly [Q in keyof ScreenContract]?: Answer<Output<ScreenContract, Q>>;
};
type Answer<T> = Reply<T> | readonly Reply<T>[] | 'never';

/** A screen in one state, as the gallery shows it and the tests check it. */
export interface State {
  /** `<screen>-<state>`, the name of its picture. */
  readonly name: string;
  readonly page: 'dashboard' | 'popover';
  /** Of the dashboard, such as `usage` or `wizard/api-key`. */
  readonly route?: string;
  /** Undefined while the engine has told nothing. */
  readonly snapshot: Snapshot | undefined;
  readonly desktop?: DesktopInfo;
  readonly answers?: Answers;
  /** The engine is lost after the first snapshot. */
  readonly isLinkLost?: boolean;
  /** Its picture shows all of it, however high that is. */
  readonly isLong?: boolean;
  /** What a person does to get there. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** The moment at which all pictures are taken: Wednesday, 25 November 2026, 10:30 UTC. */
export const pictureTime = Date.UTC(2026, 10, 25, 10, 30);

export function ok<T>(result: T): Reply<T> {
  return { ok: true, result };
}

export function failed(message: string, hint: string): Reply<never> {
  return { ok: false, error: { code: 'failed', message, hint } };
}
