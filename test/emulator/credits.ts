import type { Plan } from './catalogue.ts';

/** A free trial beside the plan (protocol §6.2). Credits and ms. */
export interface TrialSpec {
  readonly used?: number;
  readonly limit: number;
  readonly expiresAt?: number;
}

/** A bonus beside the plan (protocol §6.2). Credits and ms. */
export interface BonusSpec {
  readonly code?: string;
  readonly used?: number;
  readonly limit: number;
  readonly expiresAt?: number;
}

/** What an account's meter starts from. */
export interface MeterSpec {
  readonly used?: number;
  readonly limit?: number;
  readonly overage?: boolean | number;
  readonly freeTrial?: TrialSpec;
  readonly bonuses?: readonly BonusSpec[];
  readonly usageLagMs?: number;
  readonly resetAt?: number;
}

/** An extra pot that is spent before the plan. */
export interface CreditPot {
  used: number;
  readonly code: string;
  readonly limit: number;
  readonly expiresAt: number;
}

const PLAN_CREDITS: Record<Plan, number> = { free: 50, pro: 1000, 'pro-plus': 2000, power: 10_000 };
const DAY_MS = 86_400_000;

/** One account's credits: what it spent, from which pot, and what the lagging counter shows (protocol §6.2, §10.2). */
export class CreditMeter {
  used: number;
  limit: number;
  isOverageEnabled: boolean;
  overageCap: number;
  usageLagMs: number;
  readonly resetAt: number;
  readonly trial: CreditPot | undefined;
  readonly bonuses: readonly CreditPot[];
  readonly isOverageCapable: boolean;
  readonly #now: () => number;
  #recent: { at: number; credits: number }[] = [];

  constructor(spec: MeterSpec, plan: Plan, now: () => number) {
    this.#now = now;
    this.used = spec.used ?? 0;
    this.limit = spec.limit ?? PLAN_CREDITS[plan];
    this.isOverageCapable = plan !== 'free';
    this.isOverageEnabled = this.isOverageCapable && spec.overage !== undefined && spec.overage !== false;
    this.overageCap = typeof spec.overage === 'number' ? spec.overage : 10_000;
    this.usageLagMs = spec.usageLagMs ?? 0;
    this.resetAt = spec.resetAt ?? startOfNextMonth(now());
    this.trial = spec.freeTrial === undefined ? undefined : pot('TRIAL', spec.freeTrial, now());
    this.bonuses = (spec.bonuses ?? []).map((bonus, index) => pot(bonus.code ?? `BONUS-${index + 1}`, bonus, now()));
  }

  /** Credits over the plan's limit. */
  get overages(): number {
    return Math.max(0, this.used - this.limit);
  }

  /** What the usage counter shows now: spending younger than the lag is missing. */
  get shownUsed(): number {
    const since = this.#now() - this.usageLagMs;
    this.#recent = this.#recent.filter((charge) => charge.at > since);
    return round(this.used - this.#recent.reduce((sum, charge) => sum + charge.credits, 0));
  }

  /** Why nothing more can be spent, or `undefined` while something can. */
  get refusal(): 'MONTHLY_REQUEST_COUNT' | 'OVERAGE_REQUEST_LIMIT_EXCEEDED' | undefined {
    if (this.#openPots().length > 0 || this.used < this.limit) return undefined;
    if (!this.isOverageEnabled) return 'MONTHLY_REQUEST_COUNT';
    return this.overages >= this.overageCap ? 'OVERAGE_REQUEST_LIMIT_EXCEEDED' : undefined;
  }

  /** Spends credits: trial first, then bonuses, then the plan. */
  charge(credits: number): void {
    const [first] = this.#openPots();
    if (first !== undefined) {
      first.used = round(first.used + credits);
      return;
    }
    this.used = round(this.used + credits);
    if (this.usageLagMs > 0) this.#recent.push({ at: this.#now(), credits });
  }

  /** Sets the counter; lagging charges are forgotten. */
  set(usage: { used?: number; limit?: number }): void {
    this.#recent = [];
    if (usage.used !== undefined) this.used = usage.used;
    if (usage.limit !== undefined) this.limit = usage.limit;
  }

  setOverage(enabled: boolean, capCredits?: number): void {
    this.isOverageEnabled = enabled && this.isOverageCapable;
    if (capCredits !== undefined) this.overageCap = capCredits;
  }

  /** True while the pot can be spent from. */
  isOpen(pot: CreditPot): boolean {
    return pot.used < pot.limit && this.#now() < pot.expiresAt;
  }

  #openPots(): CreditPot[] {
    return [this.trial, ...this.bonuses].filter((pot) => pot !== undefined).filter((pot) => this.isOpen(pot));
  }
}

/** Credits are metered finely; four digits are enough and stay exact in JSON. */
export function round(credits: number): number {
  return Math.round(credits * 10_000) / 10_000;
}

function pot(code: string, spec: TrialSpec, now: number): CreditPot {
  return { code, used: spec.used ?? 0, limit: spec.limit, expiresAt: spec.expiresAt ?? now + 30 * DAY_MS };
}

function startOfNextMonth(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
