import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCliStore } from '../../test/emulator/cli-store.ts';
import { startEmulator, type Emulator } from '../../test/emulator/emulator.ts';
import { keyVariable } from '../clients/client-tool.ts';
import { openCodeConfig } from '../clients/opencode.ts';
import { CommandError } from '../control/control-contract.ts';
import { openEngine, type Engine } from '../engine.ts';
import { makePrivateFolder } from '../store/private-folder.ts';
import { recordDemoHistory } from './demo-history.ts';
import { table } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { nextStep } from './next-step.ts';

interface DemoOptions extends CommonOptions {
  readonly port: number;
}

/**
 * `kiro-pool demo`: the whole way on made-up accounts. Starts the emulator of Kiro on loopback, takes three logins of a
 * kiro-cli store into a pool, streams one answer, and stays up for the user's own tools.
 */
export async function demo(io: Io, options: DemoOptions): Promise<void> {
  using made = new DisposableStack();
  const dataDir = options.dataDir ?? made.adopt(mkdtempSync(join(tmpdir(), 'kiro-pool-demo-')), remove);
  keepOut(dataDir);
  make(dataDir);
  await using emulator = await startEmulator({ eventDelayMs: 25 });
  const engine = await openDemoEngine(io, dataDir, emulator);
  try {
    await engine.handlers['accounts.import']({ from: 'kiro-cli', path: join(dataDir, storeFile) });
    recordDemoHistory(engine.parts, Date.now());
    await engine.handlers['settings.set']({ key: 'hasAcceptedRisks', value: 'true' });
    const url = await engine.serve({ host: '127.0.0.1', port: options.port, allowLan: false });
    const { key } = await engine.handlers['keys.show']({ name: 'default' });
    const ui = linkOf(engine);
    if (options.json === true) io.out(`${JSON.stringify({ event: 'ready', url, pid: process.pid, dataDir, ...ui })}\n`);
    else {
      io.out('Kiro Pool demo: three made-up accounts on an emulator of Kiro. No account, no internet.\n\n');
      io.out(accountsText(engine));
      io.out('\nYou: What is Kiro Pool?\nKiro: ');
      await ask(url, key, 'What is Kiro Pool?', io.out);
      io.out(`\n\n${await howTo(url, dataDir, engine)}`);
      if (ui.ui !== undefined) io.out(`\nThe screens, once and within five minutes: ${ui.ui}\n`);
    }
    await io.stopRequested();
  } finally {
    await engine.close(1_000);
  }
}

const storeFile = 'kiro-cli.sqlite3';

/** The emulator knows no login of a real pool: it would refuse them all, and made-up accounts would stay among them. */
function keepOut(dataDir: string): void {
  if (!existsSync(join(dataDir, 'accounts.json')) || existsSync(join(dataDir, storeFile))) return;
  throw new CommandError(
    'not-a-demo',
    `${dataDir} holds a pool that is not of the demo.`,
    'Name a new folder, or leave --data-dir out: the demo then has one for as long as it runs.',
  );
}

function remove(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}

function make(dataDir: string): void {
  try {
    makePrivateFolder(dataDir);
  } catch (cause) {
    const message = `${dataDir} cannot be made.`;
    throw new CommandError('folder-unusable', message, 'Choose another with --data-dir.', { cause });
  }
}

async function openDemoEngine(io: Io, dataDir: string, emulator: Emulator): Promise<Engine> {
  const accounts = [
    emulator.addAccount({
      kind: 'social',
      provider: 'google',
      plan: 'pro',
      email: 'me@example.com',
      used: 388,
      limit: 1000,
    }),
    emulator.addAccount({
      kind: 'identity-center',
      plan: 'power',
      email: 'me@work.example',
      used: 2410,
      limit: 10_000,
    }),
    emulator.addAccount({
      kind: 'external-idp',
      plan: 'pro-plus',
      email: 'me@client.example',
      used: 1975,
      limit: 2000,
    }),
  ];
  const engine = await openEngine({
    dataDir,
    env: { ...io.env, ...homeOf(dataDir), KIRO_POOL_ENDPOINTS: writeEndpoints(dataDir, emulator) },
    log: io.err,
  });
  writeCliStore(
    join(dataDir, storeFile),
    accounts.map((account) => ({ account, login: account.newLogin() })),
  );
  return engine;
}

/** A home of its own: whatever is tried in the demo's screens, no config of the user's own tools is touched. */
function homeOf(dataDir: string): Readonly<Record<string, string | undefined>> {
  const home = join(dataDir, 'home');
  return { HOME: home, USERPROFILE: home, APPDATA: home, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined };
}

/** A checkout whose screens were never built has none to show. */
function linkOf(engine: Engine): { readonly ui?: string } {
  try {
    return { ui: engine.uiLink() };
  } catch (error) {
    if (error instanceof CommandError && error.code === 'no-screens') return {};
    throw error;
  }
}

function writeEndpoints(dataDir: string, emulator: Emulator): string {
  const path = join(dataDir, 'endpoints.json');
  writeFileSync(path, JSON.stringify(emulator.endpoints), { mode: 0o600 });
  return path;
}

function accountsText(engine: Engine): string {
  return table(
    ['ACCOUNT', 'PLAN', 'CREDITS LEFT', 'STATE'],
    engine.parts.pool
      .summaries()
      .map(({ label, plan, credits, state }) => [
        label,
        plan ?? '-',
        credits?.limit ? `${credits.limit - credits.used} of ${credits.limit}` : '-',
        state.name,
      ]),
  );
}

/** Asks through the endpoint as any client would, and writes the answer as it comes. */
async function ask(url: string, key: string, question: string, out: (text: string) => void): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-5', stream: true, messages: [{ role: 'user', content: question }] }),
  });
  if (!response.ok || !response.body) throw new Error(`The demo's own request failed: ${await response.text()}`);
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) out(contentOf(line));
  }
}

/** The text in one line of server-sent events; empty for any other line. */
function contentOf(line: string): string {
  if (!line.startsWith('data: {')) return '';
  const chunk: { choices?: { delta?: { content?: string } }[] } = JSON.parse(line.slice(6));
  return chunk.choices?.[0]?.delta?.content ?? '';
}

async function howTo(url: string, dataDir: string, engine: Engine): Promise<string> {
  const models = await engine.handlers.models({});
  const config = openCodeConfig({ url, models: models.filter(({ id }) => id === 'claude-sonnet-5' || id === 'auto') });
  const next = (words: string): string => `npm exec -- ${nextStep(words, { dataDir })}`;
  return `It serves on ${url}/v1 until you press Ctrl-C. In another terminal, in this folder:

  export ${keyVariable}="$(${next('key show')})"

curl:

  curl -N ${url}/v1/chat/completions -H "authorization: Bearer $${keyVariable}" \\
    -d '{"model":"claude-sonnet-5","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'

OpenCode (opencode.json in your project):

${JSON.stringify(config, undefined, 2)}

What happened, and why: ${next('requests --why')}
`;
}
