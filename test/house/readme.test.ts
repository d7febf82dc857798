import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../app/cli/program.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import { buildIfStale } from '../../build/freshness.ts';
import { writeCliStore } from '../emulator/cli-store.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';

const readme = await readFile('README.md', 'utf8');
const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'));
/** Every line of the README's shell blocks, with continued lines joined. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  (block ?? '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);
const kiroPool = commands.flatMap((command) => {
  const words = /npm exec -- kiro-pool ([^)"]*)/.exec(command)?.[1];
  return words === undefined ? [] : [words.trim().split(/\s+/)];
});

describe("the README's commands", () => {
  let home: string;
  let emulator: Emulator;
  let engine: Engine;

  // As the reader has it: signed in with kiro-cli, the endpoint running at its usual place.
  beforeAll(async () => {
    // The screens that a link opens.
    await buildIfStale();
    home = await mkdtemp(join(tmpdir(), 'kiro-pool-readme-'));
    emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'builder-id', plan: 'pro', email: 'me@example.com' });
    writeCliStore(join(home, 'kiro-cli.sqlite3'), [{ account, login: account.newLogin() }]);
    const endpoints = join(home, 'endpoints.json');
    await writeFile(endpoints, JSON.stringify(emulator.endpoints));
    const env = { KIRO_POOL_ENDPOINTS: endpoints, KIROCLI_DB_PATH: join(home, 'kiro-cli.sqlite3'), HOME: home };
    engine = await openEngine({ dataDir: join(home, 'pool'), env, log: () => {} });
    await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
  });

  afterAll(async () => {
    await engine.close();
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  });

  it('are known, each to the one who runs it', () => {
    const strangers = commands.filter(
      (command) =>
        !/^(?:npm ci && npm (?:run demo|test)|npm start)$/.test(command) &&
        !command.includes('npm exec -- kiro-pool ') &&
        !command.startsWith('curl '),
    );
    expect(strangers).toEqual([]);
    expect(kiroPool.length).toBeGreaterThanOrEqual(8);
  });

  it('do what they say, in the order of the page, and the endpoint then answers curl', async () => {
    for (const words of kiroPool) {
      const { code, text } = await kiroPoolCommand(words);
      expect({ words, code, text }).toMatchObject({ code: 0 });
      expect(text).not.toBe('');
    }
    const { url } = engine.status();
    const { key } = await engine.handlers['keys.show']({ name: 'default' });
    const answers: string[] = [];
    for (const command of commands.filter((each) => each.startsWith('curl '))) {
      const here = command.replace('http://127.0.0.1:8788', url ?? '');
      const env = { PATH: process.env['PATH'], KIRO_POOL_KEY: key };
      answers.push((await promisify(execFile)('sh', ['-c', `${here} -s`], { env })).stdout);
    }
    expect(answers).toEqual([
      expect.stringContaining('data: [DONE]'),
      expect.stringContaining('kiro_pool_requests_total{outcome="served"} 1'),
    ]);
  });

  it('that CI runs are in its script, and those of npm exist', async () => {
    const ci = (await readFile('.ci/run', 'utf8')) + (await readFile('.ci/demo', 'utf8'));
    for (const step of ['npm ci', 'npm test', 'npm run -s demo']) expect(ci).toContain(step);
    expect(manifest).toMatchObject({
      scripts: { start: 'node build/start.ts', demo: 'node build/demo.ts' },
    });
  });

  async function kiroPoolCommand(words: readonly string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const write = (part: string): void => {
      text += part;
    };
    const { env, platform } = process;
    const readInput = (): Promise<string> => Promise.resolve('');
    const io = { env, platform, home, out: write, err: write, isTerminal: false, readInput, stopRequested: never };
    return { code: await run([...words, '--data-dir', join(home, 'pool')], io), text };
  }
});

function never(): Promise<void> {
  return new Promise(() => {});
}
