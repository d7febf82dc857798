/** Kiro for the soak, as a process of its own: `node upstream.ts --folder DIR` writes where it is and a login of each account there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator, type AccountSpec } from '../emulator/emulator.ts';

/** Five logins of the four kinds that rotate, in two regions. */
const specs: readonly AccountSpec[] = [
  { kind: 'social', id: 'one' },
  { kind: 'social', id: 'two', provider: 'github' },
  { kind: 'builder-id', id: 'three' },
  { kind: 'identity-center', id: 'four', apiRegion: 'eu-central-1' },
  { kind: 'external-idp', id: 'five' },
];
/** Real tokens last an hour; these rotate as often in two hours as those do in ten days. */
const accessTokenTtlMs = 60_000;

const { values } = parseArgs({ options: { folder: { type: 'string' } } });
const folder = values.folder ?? '.';
const emulator = await startEmulator({ accessTokenTtlMs, chunking: 'awkward' });
for (const spec of specs) {
  const account = emulator.addAccount({ ...spec, plan: 'power', limit: 10_000_000 });
  writeCliStore(join(folder, `${account.id}.sqlite3`), [{ account, login: account.newLogin() }]);
}
writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(emulator.endpoints), { mode: 0o600 });
process.stdout.write(`${JSON.stringify({ event: 'ready', url: emulator.url, pid: process.pid })}\n`);
process.once('SIGTERM', () => void emulator.close().then(() => process.exit(0)));
