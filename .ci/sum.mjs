// Adds up the test runner's report and the steps beside it: `node sum.mjs REPORT TEST_EXIT DEMO_EXIT`.
import { readFileSync } from 'node:fs';

const [report, ...steps] = process.argv.slice(2);
let tests = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
try {
  tests = JSON.parse(readFileSync(report, 'utf8'));
} catch {
  process.stdout.write('There is no test report: the checks before the tests failed.\n');
}
const failedSteps = steps.filter((code) => code !== '0').length;
const passed = tests.numPassedTests + steps.length - failedSteps;
// A failed test fails the step that ran it, too; it counts once.
const failed = tests.numFailedTests > 0 ? tests.numFailedTests + failedSteps - 1 : failedSteps;
const skipped = tests.numPendingTests + tests.numTodoTests;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
