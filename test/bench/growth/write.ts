import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { machine } from '../machine.ts';
import type { Curve, Sample } from './curve.ts';
import { growthPage, growthSummary } from './page.ts';
import { growthPicture } from './picture.ts';

/** Prints the verdicts and writes out/growth.json; the page and its picture in docs only when everything was measured. */
export function writeGrowth(
  curves: readonly Curve[],
  samples: readonly Sample[],
  { isWhole }: { readonly isWhole: boolean },
): void {
  process.stdout.write(growthSummary(curves));
  mkdirSync(placeOf('out'), { recursive: true });
  const report = { at: new Date().toISOString(), isWhole, machine: machine(), curves, samples };
  writeFileSync(placeOf('out/growth.json'), `${JSON.stringify(report, null, 2)}\n`);
  const folder = isWhole ? 'docs' : 'out';
  writeFileSync(placeOf(`${folder}/growth.svg`), growthPicture(curves));
  writeFileSync(placeOf(`${folder}/growth.md`), growthPage(curves, report.machine));
}

function placeOf(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
