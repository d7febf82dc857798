import { figure as figureText, table } from '../proofs/page.ts';
import { machineText, type Machine } from './machine.ts';
import { goalText, isReached, ratioText, spreadText, type ReportRow } from './report.ts';
import { kiroPoolName, yardstick } from './targets.ts';

/** The figures for the page: the yardsticks, Kiro Pool, its ratio to the pass-through, and the goal. */
export function figuresTable(rows: readonly ReportRow[], rounds: number, machine: Machine): string {
  const cells = rows.flatMap(({ figure, results }) => {
    const own = results[kiroPoolName];
    if (!own) return [];
    const yard = results[yardstick];
    const tight = results['hand-tight'];
    const reached = isReached(figure.goal, own);
    return [
      [
        figure.title,
        yard ? spreadText(figure, yard) : '-',
        tight ? figureText(tight.median, figure.digits) : '-',
        spreadText(figure, own),
        Number.isNaN(own.ratio) ? '-' : ratioText(own.ratio),
        goalText(figure.goal),
        reached === undefined ? '' : reached ? 'reached' : '**missed**',
      ],
    ];
  });
  const head = ['figure', 'pass-through', 'hand-tight', 'Kiro Pool', 'ratio', 'goal', ''];
  return `Median (least to most) of ${rounds} rounds on ${machineText(machine)}, the command as it is built.\n\n${table(head, cells)}`;
}
