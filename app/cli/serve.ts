import { dataDirOf, openOwnEngine } from './session.ts';
import type { CommonOptions, Io } from './io.ts';

interface ServeOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: number;
  readonly allowLan: boolean;
}

/** How long running streams may go on after the user asked to stop. */
const graceMs = 10_000;

/** `kiro-pool serve`: runs pool and proxy until the user stops it. */
export async function serve(io: Io, options: ServeOptions): Promise<void> {
  const engine = await openOwnEngine(io, dataDirOf(io, options));
  try {
    const { settings } = engine.parts;
    const port = options.port ?? settings.get('port');
    const url = await engine.serve({
      host: options.host ?? settings.get('host'),
      port,
      allowLan: options.allowLan,
    });
    if (options.json === true) io.out(`${JSON.stringify({ event: 'ready', url, pid: process.pid })}\n`);
    else io.out(readyText(url, port, engine.status()));
    await io.stopRequested();
    if (options.json !== true) io.err('Stopping; running answers have 10 seconds to finish.\n');
  } finally {
    await engine.close(graceMs);
  }
}

function readyText(url: string, wanted: number, status: { accounts: number; ready: number }): string {
  const moved =
    wanted !== 0 && !url.endsWith(`:${wanted}`) ? `Port ${wanted} is taken; this is the next free one.\n` : '';
  const accounts =
    status.accounts === 0
      ? 'There is no account yet. Add one: kiro-pool accounts import --from kiro-cli\n'
      : `${status.ready} of ${status.accounts} accounts ready.\n`;
  return (
    `Kiro Pool serves on ${url}/v1\n${moved}${accounts}` +
    'Its key: kiro-pool key show   For OpenCode: kiro-pool clients show opencode   Stop: Ctrl-C\n'
  );
}
