import { createHash } from 'node:crypto';
import type { PastTurn, Turn } from './brain-types.ts';
import type { CatalogueModel } from './catalogue.ts';
import { round } from './credits.ts';

/** Tokens of the service's own hidden prompt (protocol §10.1). */
const HIDDEN_TOKENS = 4100;
const CHARS_PER_TOKEN = 3.5;
const BASE_CREDITS = 0.03;
const CREDITS_PER_1000_TOKENS = 0.004;
/** A repeated prefix costs about 47 % less (protocol §4.10). */
const CACHED_FACTOR = 0.53;

/** Request size in characters → input tokens, the hidden prompt included. */
export function inputTokens(characters: number): number {
  return HIDDEN_TOKENS + Math.ceil(characters / CHARS_PER_TOKEN);
}

/** Tokens → percent of the model's window, with four digits (protocol §10.1). */
export function contextPercentage(tokens: number, model: CatalogueModel): number {
  return round((tokens / model.tokenLimits.maxInputTokens) * 100);
}

/** Tokens → credits of one request, at least 0.01 (protocol §10.2). */
export function creditsOf(tokens: number, model: CatalogueModel, isPrefixHit: boolean): number {
  const full = (BASE_CREDITS + (tokens / 1000) * CREDITS_PER_1000_TOKENS) * model.rateMultiplier;
  return Math.max(0.01, round(isPrefixHit ? full * CACHED_FACTOR : full));
}

/** Remembers per account and model which conversations were already seen, so that a prefix is recognised (protocol §4.10). */
export class PrefixCache {
  readonly #seen = new Set<string>();

  /** True when this turn continues a conversation that the account sent before; remembers the turn. */
  visit(turn: Turn): boolean {
    const hash = createHash('sha256').update(`${turn.accountId}\n${turn.model}\n`);
    let isHit = false;
    for (const past of turn.history) {
      hash.update(digest(past));
      if (past.role === 'user' && this.#seen.has(hash.copy().digest('hex'))) isHit = true;
    }
    hash.update(digest({ role: 'user', text: turn.text, toolResults: turn.toolResults }));
    const key = hash.digest('hex');
    isHit ||= this.#seen.has(key);
    this.#seen.add(key);
    return isHit;
  }
}

function digest(turn: PastTurn): string {
  return turn.role === 'user'
    ? JSON.stringify(['user', turn.text, turn.toolResults])
    : JSON.stringify(['assistant', turn.text, turn.toolUses]);
}
