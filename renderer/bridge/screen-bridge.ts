import type { Bridge, Reply } from '../../app/contract.ts';

/** Whether pushes from the engine arrive. */
export type Link = 'connected' | 'lost';

/** A bridge that may also tell when it loses the engine; the desktop app's cannot, since both end together. */
export interface ScreenBridge extends Bridge {
  onLink?(listener: (link: Link) => void): () => void;
}

/** What went wrong, in the words of the side that knows. */
export type Failure = Extract<Reply<never>, { ok: false }>['error'];
