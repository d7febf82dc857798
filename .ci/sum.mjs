// Adds up the reports of all test runners and the steps beside them:
// `node sum.mjs REPORT… -- EXIT…`, the first exit code being that of the command that ran the tests.
import { readFileSync } from 'node:fs';

const words = process.argv.slice(2);
const reports = words.slice(0, words.indexOf('--'));
const steps = words.slice(words.indexOf('--') + 1);

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const report of reports) {
  const counts = countsOf(report);
  if (!counts) process.stdout.write(`There is no report ${report}: what comes before it failed.\n`);
  for (const name of Object.keys(sum)) sum[name] += counts?.[name] ?? 0;
}
const failedSteps = steps.filter((code) => code !== '0').length;
sum.passed += steps.length - failedSteps;
// A failed test fails the step that ran it, too; it counts once.
sum.failed += sum.failed > 0 && steps[0] !== '0' ? failedSteps - 1 : failedSteps;
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

/** Vitest counts tests, Playwright outcomes; a flaky one has failed once and is no pass. */
function countsOf(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, stats } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    return stats
      ? { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
      : { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return undefined;
  }
}
