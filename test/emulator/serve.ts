/** Runs the emulator as its own process: `node serve.ts [--port N] [--accounts file.json] [--chunking C]`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { startEmulator, type AccountSpec } from './emulator.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, accounts: { type: 'string' }, chunking: { type: 'string' } },
});
const AccountsFile = v.array(
  v.custom<AccountSpec>((value) => typeof value === 'object' && value !== null && 'kind' in value),
);
const chunking = v.parse(v.picklist(['awkward', 'frames', 'whole']), values.chunking ?? 'awkward');

const emulator = await startEmulator({ port: Number(values.port ?? 0), chunking });
if (values.accounts !== undefined) {
  for (const spec of v.parse(AccountsFile, JSON.parse(readFileSync(values.accounts, 'utf8'))))
    emulator.addAccount(spec);
}
process.stdout.write(`${JSON.stringify({ event: 'ready', url: emulator.url, endpoints: emulator.endpoints })}\n`);

const stop = (): void => {
  emulator.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
