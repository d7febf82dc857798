// Adds up what the steps came to: `node sum.mjs STEP…`, each the exit code of one, and `=REPORT,…` behind it when it wrote reports.
import { readFileSync } from 'node:fs';

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const step of process.argv.slice(2)) {
  const [code, reports] = step.split('=');
  const before = sum.failed;
  let isTold = true;
  for (const report of reports?.split(',') ?? []) {
    const counts = countsOf(report);
    if (!counts) process.stdout.write(`There is no report ${report}: what comes before it failed.\n`);
    isTold &&= counts !== undefined;
    for (const name of Object.keys(sum)) sum[name] += counts?.[name] ?? 0;
  }
  if (code === '0' && isTold) sum.passed += 1;
  // A failed test fails the step that ran it, too; it counts once.
  else if (sum.failed === before) sum.failed += 1;
}
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

/** Vitest counts tests, and so does the soak; Playwright counts outcomes: a flaky one has failed once and is no pass. */
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
