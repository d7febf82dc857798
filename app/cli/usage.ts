import { overageText } from './account-table.ts';
import { clock, credits, oneLine, pace, table, until } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { report } from './command.ts';
import { noAccountYet } from './next-step.ts';
import { withEngine } from './session.ts';

/** `kiro-pool usage` */
export async function usage(io: Io, options: CommonOptions & { readonly days: number }): Promise<void> {
  const result = await withEngine(io, options, (ask) => ask('usage', { days: options.days }));
  report(io, options, result, () => {
    const now = Date.now();
    const accounts = table(
      ['ACCOUNT', 'PLAN', 'USED', 'LIMIT', 'RESETS', 'OVERAGE', 'PACE', `THROUGH KIRO POOL, ${options.days} D`],
      result.accounts.map(({ label, plan, credits: used, limit, resetAt, byDay, overage, ...more }) => [
        label,
        plan ?? '-',
        credits(used),
        credits(limit),
        until(resetAt, now),
        overageText(overage),
        pace({ ...more, resetAt }, now),
        `${credits(sum(byDay, ({ credits }) => credits))} in ${sum(byDay, ({ requests }) => requests)} requests`,
      ]),
    );
    const { byModel, byKey } = result.pool;
    const names = (rows: typeof byModel): string[][] =>
      rows.map((row) => [row.name, credits(row.credits), String(row.requests)]);
    const { left, perDay } = result.pool;
    const whole = oneLine(
      `All together: ${credits(left)} credits left, ${credits(perDay)} a day through Kiro Pool, ${pace({ ...result.pool, resetAt: null }, now)}.`,
    );
    return [
      result.accounts.length === 0 ? noAccountYet(options) : accounts,
      ...(result.accounts.length > 1 ? [whole] : []),
      ...(byModel.length > 0 ? [table(['MODEL', 'CREDITS', 'REQUESTS'], names(byModel))] : []),
      ...(byKey.length > 0 ? [table(['KEY', 'CREDITS', 'REQUESTS'], names(byKey))] : []),
    ].join('\n');
  });
}

/** `kiro-pool requests` */
export async function requests(
  io: Io,
  options: CommonOptions & { readonly last: number; readonly why: boolean },
): Promise<void> {
  const { rows, labels } = await withEngine(io, options, async (ask) => ({
    rows: await ask('requests', { last: options.last }),
    labels: new Map((await ask('accounts.list', {})).map(({ id, label }) => [id, label])),
  }));
  report(io, options, rows, () => {
    if (rows.length === 0) return 'No request yet.\n';
    const name = (id: string | null): string => (id === null ? '-' : (labels.get(id) ?? id));
    const lines = table(
      ['AT', 'MODEL', 'ACCOUNT', 'OUTCOME', 'SENDS', 'CREDITS', 'FIRST, MS', 'TOTAL, MS'],
      rows.map((row) => [
        clock(row.at),
        row.model,
        name(row.account),
        row.outcome,
        String(row.sends),
        credits(row.credits),
        String(row.firstTokenMs ?? '-'),
        String(row.totalMs ?? '-'),
      ]),
    );
    if (!options.why) return lines;
    const named = (id: string): string => (labels.has(id) ? `${id}  ${name(id)}` : id);
    const why = rows.flatMap(({ id, at, model, decision }) => [
      oneLine(`${clock(at)}  ${model}  ${id}`),
      ...decision.map(({ account, chosen, reason }) => oneLine(`  ${chosen ? '→' : ' '} ${named(account)}: ${reason}`)),
    ]);
    return `${lines}\n${why.join('')}`;
  });
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
