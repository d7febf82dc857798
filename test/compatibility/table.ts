/**
 * `npm run compatibility`: runs every test that docs/compatibility.md rests on, and writes the page when all of them have
 * passed. Otherwise it says which have not, leaves the page as it is and exits with 1. Takes a few minutes: real coding tools run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { TestName } from './feature.ts';
import { pageFile, pageText, testsNamed } from './page.ts';

const outcome = v.object({
  ancestorTitles: v.array(v.string()),
  title: v.string(),
  status: v.string(),
});

/** What is read of vitest's report in JSON. */
const report = v.object({
  testResults: v.array(v.object({ name: v.string(), assertionResults: v.array(outcome) })),
});

type Report = v.InferOutput<typeof report>;

const tests = testsNamed();
const ran = runTests([...new Set(tests.map(({ file }) => file))]);
const failed = tests.flatMap((test) => whyNot(test, ran));
if (failed.length > 0) {
  process.stdout.write(`The page stays as it is:\n${failed.join('\n')}\n`);
  process.exitCode = 1;
} else {
  writeFileSync(pageFile, pageText());
  process.stdout.write(`${tests.length} tests have passed, and docs/compatibility.md says so.\n`);
}

function runTests(files: readonly string[]): Report {
  const folder = mkdtempSync(join(tmpdir(), 'kiro-pool-table-'));
  try {
    const vitest = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../vitest.mjs');
    const outputFile = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
    spawnSync(process.execPath, [vitest, 'run', ...reporters, ...files], { stdio: 'inherit' });
    return v.parse(report, JSON.parse(readFileSync(outputFile, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Why a test shows nothing; empty when it ran, once or once a row, and passed each time. */
function whyNot({ file, title, within }: TestName, { testResults }: Report): readonly string[] {
  const outcomes = testResults
    .filter(({ name }) => name.endsWith(file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter((each) => isRowOf(title, each.title))
    .filter(({ ancestorTitles }) => within === undefined || ancestorTitles.includes(within));
  const name = [file, within, title].filter((part) => part !== undefined).join(' > ');
  if (outcomes.length === 0) return [`${name}: there is no such test`];
  return outcomes.filter(({ status }) => status !== 'passed').map(({ status }) => `${name}: ${status}`);
}

/** @param title which may have a `%s` where each row of the test has a value */
function isRowOf(title: string, row: string): boolean {
  const [start = '', end] = title.split('%s');
  return end === undefined ? row === start : row.startsWith(start) && row.endsWith(end);
}
