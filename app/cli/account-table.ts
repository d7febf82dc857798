import type { AccountView } from '../contract.ts';
import { credits, table, until } from './format.ts';

/** Accounts for people, one a line. */
export function accountTable(accounts: readonly AccountView[], now = Date.now()): string {
  return table(
    ['ID', 'LABEL', 'KIND', 'PLAN', 'CREDITS', 'RESETS', 'OVERAGE', 'STATE'],
    accounts.map((account) => [
      account.id,
      `${account.label}${account.isVerified ? '' : ' (unverified)'}${account.pinned ? ' (pinned)' : ''}`,
      account.kind,
      account.plan ?? '-',
      creditsText(account),
      until(account.credits?.resetAt ?? null, now),
      overageText(account.overage),
      stateText(account, now),
    ]),
  );
}

/** What may be spent beyond the plan, and what was. */
export function overageText(overage: AccountView['overage']): string {
  const { isAllowed, dailyCap, today, isOnAtKiro, credits: spent, charges, currency } = overage;
  const reported =
    spent > 0 ? `, ${credits(spent)} spent (${charges.toFixed(2)} ${currency ?? ''})`.replace(' )', ')') : '';
  if (!isAllowed) return `off${reported}`;
  const cap = dailyCap === null ? '' : `, ${credits(today)} of ${credits(dailyCap)} today`;
  return `allowed${isOnAtKiro === false ? ', but off at Kiro' : ''}${cap}${reported}`;
}

function creditsText({ credits: known }: AccountView): string {
  if (!known) return '-';
  const extras = known.extras.map(({ name, used, limit }) => `, ${name} ${credits(used)} of ${credits(limit)}`);
  return `${credits(known.used)} of ${known.limit === null ? 'no limit' : credits(known.limit)}${extras.join('')}`;
}

function stateText({ state }: AccountView, now: number): string {
  if (state.name === 'ready') return 'ready';
  const when = state.until === null ? '' : `, back ${until(state.until, now)}`;
  return `${state.name}${when}: ${state.reason ?? ''}`;
}
