import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figuresTable } from './figures-table.ts';
import type { Machine } from './machine.ts';
import { replaceMarked } from './marked.ts';
import { comparisonsOf, peerTable } from './peer-table.ts';
import { benchPicture } from './picture.ts';
import type { ReportRow } from './report.ts';

/** Writes a whole run into docs/performance.md, between its marks, and draws docs/performance.svg. */
export function writePerformance(rows: readonly ReportRow[], rounds: number, machine: Machine): void {
  const path = placeOf('performance.md');
  const withFigures = replaceMarked(readFileSync(path, 'utf8'), 'figures', figuresTable(rows, rounds, machine));
  writeFileSync(path, replaceMarked(withFigures, 'peers', peerTable(comparisonsOf(rows))));
  writeFileSync(placeOf('performance.svg'), benchPicture(rows));
}

function placeOf(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}
