/** `npm run demo`: the command's demo, with the screens built for its link. Arguments are passed on. */
import { buildIfStale } from './freshness.ts';
import { runCommand } from './run-command.ts';

await buildIfStale();
await runCommand(['demo', ...process.argv.slice(2)]);
