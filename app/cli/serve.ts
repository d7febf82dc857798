import type { Engine } from '../engine.ts';
import { StoreError } from '../store/store-error.ts';
import { report } from './command.ts';
import type { CommonOptions, Io } from './io.ts';
import { nextStep, noAccountYet } from './next-step.ts';
import { dataDirOf, openOwnEngine, withEngine } from './session.ts';

interface ServeOptions extends CommonOptions {
  readonly host?: string;
  readonly port?: number;
  readonly allowLan: boolean;
  /** Offers the screens in a browser, too. */
  readonly ui: boolean;
}

/** How long running streams may go on after the user asked to stop. */
const graceMs = 10_000;

/** `kiro-pool serve`: runs pool and proxy until the user stops it. With `--ui` on a pool that runs already, a link to that one. */
export async function serve(io: Io, options: ServeOptions): Promise<void> {
  const engine = await openOwnEngine(io, dataDirOf(io, options)).catch((error: unknown) => {
    if (options.ui && error instanceof StoreError && error.code === 'folder-in-use') return undefined;
    throw error;
  });
  if (engine) await serveWith(engine, io, options);
  else await showLink(io, options);
}

/** `kiro-pool ui`: another link to the screens of the pool that runs. */
export async function showLink(io: Io, options: CommonOptions): Promise<void> {
  await withEngine(io, options, async (ask) => {
    const { url } = await ask('ui.link', {});
    report(io, options, { url }, () => linkText(url));
  });
}

async function serveWith(engine: Engine, io: Io, options: ServeOptions): Promise<void> {
  try {
    const { settings } = engine.parts;
    const port = options.port ?? settings.get('port');
    const url = await engine.serve({
      host: options.host ?? settings.get('host'),
      port,
      allowLan: options.allowLan,
    });
    const ui = options.ui ? { ui: engine.uiLink() } : {};
    if (options.json === true) io.out(`${JSON.stringify({ event: 'ready', url, pid: process.pid, ...ui })}\n`);
    else
      io.out(
        readyText(url, { ...engine.status(), isPaused: settings.get('paused') }, options, port) +
          (ui.ui === undefined ? '' : linkText(ui.ui)),
      );
    await io.stopRequested();
    if (options.json !== true) io.err('Stopping; running answers have 10 seconds to finish.\n');
  } finally {
    await engine.close(graceMs);
  }
}

function readyText(
  url: string,
  status: { accounts: number; ready: number; isPaused: boolean },
  options: ServeOptions,
  wanted: number,
): string {
  const next = (words: string): string => nextStep(words, options);
  const moved =
    wanted !== 0 && !url.endsWith(`:${wanted}`) ? `Port ${wanted} is taken; this is the next free one.\n` : '';
  const paused = status.isPaused
    ? `It is paused and refuses requests. Resume it: ${next('settings set paused false')}\n`
    : '';
  const accounts =
    status.accounts === 0 ? noAccountYet(options) : `${status.ready} of ${status.accounts} accounts ready.\n`;
  return (
    `Kiro Pool serves on ${url}/v1\n${moved}${paused}${accounts}` +
    `Its key: ${next('key show')}\nFor OpenCode: ${next('clients apply opencode')}\nTo stop it: Ctrl-C\n`
  );
}

function linkText(url: string): string {
  return `The screens, once and within five minutes: ${url}\n`;
}
