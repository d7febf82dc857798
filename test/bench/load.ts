/**
 * The load generator: its own process, so that its work is nobody's figure. Takes one job at a time over IPC and answers with
 * what it measured as a client: `fork('load.ts', [upstreamUrl])`.
 */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { jobSchema } from './load-job.ts';
import { run } from './load-jobs.ts';
import { UpstreamClient } from './upstream-client.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const upstream = new UpstreamClient(positionals[0] ?? '');

process.on('message', (message) => {
  run(v.parse(jobSchema, message), upstream).then(
    (measured) => process.send?.({ measured }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
