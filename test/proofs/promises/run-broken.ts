/** Runs the rows of the table whose faults match the first argument, on whatever product it is, and prints how each went. */
import { setTimeout as sleep } from 'node:timers/promises';
import { promises } from '../promises.ts';
import { planted } from './row.ts';

/** Longer than any row takes: one that hangs has failed. */
const longestMs = 15_000;

const reds = new RegExp(process.argv[2] ?? '');
for (const { fault, prove } of promises.filter((row) => reds.test(row.fault))) {
  const outcome = await Promise.race([
    prove(planted).then(
      (proven) => ('skipped' in proven ? 'skipped' : 'held'),
      () => 'failed',
    ),
    sleep(longestMs, 'failed'),
  ]);
  process.stdout.write(`${JSON.stringify({ fault, outcome })}\n`);
}
process.exit();
