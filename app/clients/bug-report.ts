import type { Check } from './doctor/check.ts';

/** What a bug report says. Times are epoch ms. */
export interface ReportFacts {
  readonly at: number;
  readonly version: string;
  readonly runtime: string;
  readonly system: string;
  readonly endpoint: string | null;
  readonly keyStore: string;
  /** Only what the user has set. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly accounts: readonly {
    readonly kind: string;
    readonly provenance: string;
    readonly plan: string | null;
    readonly state: { readonly name: string; readonly until: number | null; readonly reason: string | null };
  }[];
  readonly tools: readonly { readonly name: string; readonly status: string }[];
  readonly checks: readonly Check[];
  /** The newest first. */
  readonly requests: readonly {
    readonly at: number;
    readonly model: string;
    readonly sends: number;
    readonly outcome: string;
    readonly totalMs: number | null;
  }[];
  readonly problems: readonly string[];
  /** The newest last. */
  readonly log: readonly string[];
}

/** The report as text for people, before it is redacted. Accounts are numbered: their names do not go out. */
export function bugReport(facts: ReportFacts): string {
  const { accounts, checks, requests } = facts;
  const failures = requests.filter(({ outcome }) => !goodOutcomes.has(outcome));
  return [
    `Kiro Pool ${facts.version}, ${new Date(facts.at).toISOString()}`,
    `Runs on ${facts.runtime}, ${facts.system}`,
    `Endpoint: ${facts.endpoint ?? 'does not listen'}   Key store: ${facts.keyStore}`,
    ...section('What happened, and what was expected', ['(please write it here)']),
    ...section('Settings that were changed', settingLines(facts.settings)),
    ...section(
      'Accounts',
      accounts.map(
        ({ kind, provenance, plan, state: { name, until, reason } }, index) =>
          `${index + 1}. ${kind}, ${provenance}, ${plan ?? 'plan unknown'}: ${name}` +
          `${until === null ? '' : ` until ${new Date(until).toISOString()}`}${reason === null ? '' : ` (${reason})`}`,
      ),
    ),
    ...section(
      'Tools',
      facts.tools.map(({ name, status }) => `${name}: ${status}`),
    ),
    ...section(
      'Doctor',
      checks.map(({ name, status, detail }) => `${status.padEnd(7)} ${name}: ${detail}`),
    ),
    ...section('Problems', facts.problems),
    ...section(
      `Requests that failed, of the last ${requests.length}`,
      failures.map(
        ({ at, model, sends, outcome, totalMs }) =>
          `${new Date(at).toISOString()} ${model}: ${outcome}, sent ${sends} ×, ${totalMs ?? '-'} ms`,
      ),
    ),
    ...section('Log', facts.log),
    '',
  ].join('\n');
}

/** A client that leaves has had what it wanted, or its own reasons. */
const goodOutcomes = new Set(['served', 'client-left']);

function section(title: string, lines: readonly string[]): string[] {
  return ['', `## ${title}`, '', ...(lines.length === 0 ? ['none'] : lines.map(onOneLine))];
}

/** Settings may name hosts and pages that are nobody's business: of those it only says that they are set. */
function settingLines(settings: Readonly<Record<string, unknown>>): string[] {
  const open = new Set(['boolean', 'number']);
  const named = new Set(['strategy', 'theme']);
  return Object.entries(settings).map(([key, value]) =>
    open.has(typeof value) || named.has(key) ? `${key}: ${String(value)}` : `${key}: (set)`,
  );
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
