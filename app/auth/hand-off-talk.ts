import type { Endpoints } from '../kiro/endpoints.ts';
import { nextMove, type Dialogue } from './hand-off-dialogue.ts';
import { notOffered, notUnderstood } from './hand-off-failure.ts';
import { findSignInPage, pageFor, providerIn, type SignInPage } from './hand-off-page.ts';
import type { HandOffTarget } from './hand-off-request.ts';

/** What one run of `kiro-cli login` calls for now. */
export type Step =
  | { readonly type: 'press'; readonly keys: string }
  | { readonly type: 'page'; readonly page: SignInPage }
  | { readonly type: 'none' };

/**
 * How long a menu, a prompt or a page must stand before we act on it. kiro-cli draws its menu first and reads keys after, and
 * the terminal would echo into the menu what comes too early; and an address may arrive in two pieces.
 */
export const settleMs = 100;

/** Our side of the talk with `kiro-cli login`, from its menu to the page that it shows (protocol §1.4). */
export class Talk {
  readonly #target: HandOffTarget;
  readonly #ports: { readonly endpoints: Endpoints; readonly now: () => number };
  #dialogue: Dialogue = { answered: [] };
  #seen = { what: '', since: 0 };
  #isPageShown = false;

  constructor(target: HandOffTarget, ports: { readonly endpoints: Endpoints; readonly now: () => number }) {
    this.#target = target;
    this.#ports = ports;
  }

  get isPageShown(): boolean {
    return this.#isPageShown;
  }

  /** Decides on what the screen shows; to be called again at each change and every `settleMs`. @throws AuthError when it is nothing that we know to answer */
  next(lines: readonly string[]): Step {
    if (this.#isPageShown) return none;
    const page = this.#page(lines);
    if (page !== undefined) {
      // Some versions print no address at all (kirodotdev/Kiro#10975): then the usual one is made, but not too early.
      const url = page.url ?? pageFor(this.#target, page.userCode);
      if (!this.#stands(`page ${url}`, page.url === undefined ? addressGraceMs : settleMs)) return none;
      this.#isPageShown = true;
      return { type: 'page', page: { url, userCode: page.userCode } };
    }
    const move = nextMove(lines, this.#target, this.#dialogue);
    if (move.type === 'wait') {
      this.#seen.what = '';
      return none;
    }
    if (!this.#stands(`${move.type} ${lines.join('\n')}`, settleMs)) return none;
    if (move.type === 'not-offered') throw notOffered();
    this.#dialogue = move.dialogue;
    return { type: 'press', keys: move.keys };
  }

  #page(lines: readonly string[]): { url?: string; userCode: string } | undefined {
    const { url, userCode } = findSignInPage(lines, this.#ports.endpoints);
    if (userCode === undefined) return undefined;
    if (url === undefined) return { userCode };
    const { kind } = this.#target;
    const provider = kind === 'google' || kind === 'github' ? (providerIn(url) ?? kind) : undefined;
    if (provider !== undefined && provider !== kind) throw notUnderstood();
    return { url, userCode };
  }

  #stands(what: string, forMs: number): boolean {
    const now = this.#ports.now();
    if (this.#seen.what !== what) this.#seen = { what, since: now };
    return now >= this.#seen.since + forMs;
  }
}

const none: Step = { type: 'none' };
const addressGraceMs = 3000;
