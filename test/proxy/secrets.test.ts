import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine, type Engine } from '../../app/engine.ts';
import { faults, startEmulator, type EmulatedAccount, type Emulator } from '../emulator/emulator.ts';
import { echo, importEverything } from './import-scenario.ts';
import { Outcome } from './leak-check.ts';
import { ask, body, until } from './serving.ts';
import { sendRaw } from './wire.ts';

let folder: string;
let emulator: Emulator;
let dataDir: string;
let env: Record<string, string>;
let accounts: EmulatedAccount[];
const outcome = new Outcome();
const keys = new Set<string>();
let logLines = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiro-pool-secrets-'));
  dataDir = join(folder, 'pool');
  emulator = await startEmulator({ eventDelayMs: 1 });
  accounts = (['social', 'builder-id', 'identity-center', 'external-idp'] as const).map((kind) =>
    emulator.addAccount({ kind, email: `${kind}@example.com` }),
  );
  const endpoints = join(folder, 'endpoints.json');
  await writeFile(endpoints, JSON.stringify(emulator.endpoints));
  env = { KIRO_POOL_ENDPOINTS: endpoints, KIRO_POOL_LOG: 'debug', HOME: folder };
});

afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

describe('no secret comes out', () => {
  test('of anything that the engine says or keeps, whatever happens to it', { timeout: 40_000 }, async () => {
    const engine = await open();
    try {
      await importEverything(engine, { folder, emulator, accounts, outcome });
      const url = await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
      await handOutKeys(engine);
      await serveEverything(url);
      await failEverywhere(engine, url);
      await askEverything(engine);
      await knockOnControlSocket(engine);
      await outcome.noteWork('a second engine', () => open());
      await outcome.noteFolder(dataDir);
    } finally {
      await engine.close();
    }
    const again = await open();
    try {
      const url = await again.serve({ host: '127.0.0.1', port: 0, allowLan: false });
      await outcome.noteAnswer('after a restart', chat(url, {}));
      await askEverything(again);
    } finally {
      await again.close();
    }
    await outcome.noteWork('a wrong master key', () => open({ KIRO_POOL_MASTER_KEY: 'bm90IGEga2V5' }));
    const other = await open({ KIRO_POOL_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') });
    await outcome.noteWork('locked accounts', () => other.handlers.status({}));
    await other.close();
    expect(await outcome.noteFolder(dataDir)).toBeGreaterThan(3);

    const secrets = emulator.issuedSecrets();
    // The scenario was as busy as it should be.
    expect(secrets.length).toBeGreaterThan(20);
    expect(logLines).toBeGreaterThan(30);
    expect(outcome.size).toBeGreaterThan(100_000);
    expect(outcome.leaks(secrets)).toEqual([]);
    expect(keys.size).toBe(2);
    expect(outcome.leaks([...keys])).toEqual([]);
  });

  test('and one that did would be found', () => {
    const secret = accounts[0]?.newLogin().refreshToken ?? '';
    const plants: [string, unknown][] = [
      ['a log line', JSON.stringify({ message: `token ${secret}` })],
      ['shortened', secret.slice(0, 60)],
      ['the end of it', `…${secret.slice(-24)}`],
      ['in base64', Buffer.from(secret).toString('base64')],
      ['in hex', Buffer.from(secret).toString('hex')],
      ['in a cause', new Error('outer', { cause: new Error('inner', { cause: { headers: [['a', secret]] } }) })],
      ['in a hidden member', Object.defineProperty(new Error('x'), 'token', { value: secret, enumerable: false })],
      ['in a deep object', { a: { b: { c: { d: { e: [[secret]] } } } } }],
      ['in bytes of a file', Buffer.from(`\0\0${secret}`).toString('latin1')],
    ];
    for (const [where, what] of plants) {
      const planted = new Outcome();
      planted.note(where, what);
      expect(planted.leaks([secret]).map((leak) => leak.split(':')[0])).toEqual([where]);
    }
    const clean = new Outcome();
    clean.note('clean', 'nothing to see');
    expect(clean.leaks([secret])).toEqual([]);
  });
});

function open(more: Record<string, string> = {}): Promise<Engine> {
  const log = (line: string): void => {
    logLines += 1;
    outcome.note('log', line);
  };
  return openEngine({ dataDir, env: { ...env, ...more }, log });
}

async function handOutKeys(engine: Engine): Promise<void> {
  // The only two answers that hold a key; everything else is noted.
  keys.add((await engine.handlers['keys.show']({ name: 'default' })).key);
  keys.add((await engine.handlers['keys.create']({ name: 'project' })).key);
  await outcome.noteWork('keys.list', () => engine.handlers['keys.list']({}));
  await outcome.noteWork('keys.create', () => engine.handlers['keys.create']({ name: 'project' }));
  await outcome.noteWork('keys.show', () => engine.handlers['keys.show']({ name: 'nobody' }));
}

function chat(url: string, members: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Response> {
  const [key = ''] = keys;
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: body(members),
  });
}

function messages(url: string, members: Record<string, unknown>): Promise<Response> {
  const [key = ''] = keys;
  return fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key },
    body: body({ max_tokens: 100, ...members }),
  });
}

async function serveEverything(url: string): Promise<void> {
  const [key = '', second = ''] = keys;
  for (const model of ['claude-haiku-4.5', 'claude-sonnet-5', 'gpt-5.6-sol', 'auto', 'no-such-model']) {
    for (const stream of [true, false]) await outcome.noteAnswer(`chat ${model}`, chat(url, { model, stream }));
  }
  await outcome.noteAnswer('models', fetch(`${url}/v1/models`, { headers: { 'x-api-key': second } }));
  await outcome.noteAnswer('health', fetch(`${url}/health`));
  // Secrets in places where a client may put them by mistake; the endpoint must not hand them on.
  const [secret = ''] = emulator.issuedSecrets();
  for (const each of [secret, key]) {
    const message = { role: 'user', content: [{ type: 'text', text: [each] }] };
    await outcome.noteAnswer('bad content', chat(url, { messages: [message] }));
    await outcome.noteAnswer('bad role', chat(url, { messages: [{ role: each, content: '' }] }));
    await outcome.noteAnswer('bad effort', chat(url, { reasoning_effort: each }));
    await outcome.noteAnswer('bad choice', chat(url, { tool_choice: each, tools: [] }));
    await outcome.noteAnswer(
      'bad picture',
      chat(url, { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: each } }] }] }),
    );
    await outcome.noteAnswer('session', chat(url, { user: each, prompt_cache_key: each }, { 'x-session-id': each }));
    await outcome.noteAnswer('content', chat(url, ask(`Say exactly hello\n${each}\nSay exactly hello`)));
    await outcome.noteAnswer('left-out tool', messages(url, { tools: [{ type: each, name: each }] }));
    await outcome.noteAnswer('bad tool', messages(url, { tools: [{ name: each, input_schema: each }] }));
    await outcome.noteAnswer('user', messages(url, { stream: true, system: each, metadata: { user_id: each } }));
    await outcome.noteAnswer('wrong key', chat(url, {}, { authorization: `Bearer x${each}` }));
    await outcome.noteAnswer('wrong scheme', chat(url, {}, { authorization: each }));
    await outcome.noteAnswer(
      'no JSON',
      fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'x-api-key': key }, body: `{"a":"${each}` }),
    );
    const raw = await sendRaw(Number(new URL(url).port), [
      `GET / HTTP/1.1\r\nhost: localhost\r\nauthorization : ${each}\r\n\r\n`,
    ]);
    outcome.note('no HTTP', raw);
  }
}

async function failEverywhere(engine: Engine, url: string): Promise<void> {
  const streams = [
    faults.resetMidStream,
    faults.badCrc,
    faults.truncatedMidFrame,
    faults.internalErrorMidStream,
    faults.giantFrame,
  ];
  const refusals = [
    faults.invalidBearer,
    faults.bodyInvalid,
    faults.contextOverflow,
    faults.invalidSignature,
    faults.conversationLimit,
    faults.unauthorized401,
    faults.modelCapacity,
  ];
  for (const fault of [...streams, ...refusals]) {
    emulator.inject({ on: 'generate', fault });
    await outcome.noteAnswer('fault', chat(url, { stream: true }));
  }
  // A gateway that repeats what it was sent.
  for (const token of emulator.issuedSecrets().slice(-8)) {
    emulator.inject({ on: 'generate', fault: echo(400, token) });
    await outcome.noteAnswer('echo', chat(url, { model: 'claude-sonnet-4.5' }));
    emulator.inject({ on: 'generate', fault: echo(400, token) });
    await outcome.noteAnswer('echo to messages', messages(url, { stream: true }));
    emulator.script([{ toolCalls: [{ name: 'web_search', input: { query: 'news' } }] }, { text: 'None.' }]);
    emulator.inject({ on: 'web-search', fault: echo(400, token) });
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    await outcome.noteAnswer('echo to a search', messages(url, { tools }));
    emulator.clear();
  }
  // The same where Kiro's words become an account's state, which stays on disk.
  const words = `User is not authorized to make this call. Bearer ${emulator.issuedSecrets().at(-1)}`;
  emulator.inject({ on: 'generate', fault: echo(403, words) });
  await outcome.noteAnswer('echo into a state', chat(url, {}));
  const leaving = new AbortController();
  const left = chat(url, { stream: true, ...ask('Stream 999 fragments') });
  void left.then(() => leaving.abort());
  await outcome.noteAnswer('left', left);
  for (const account of accounts) account.expireAccessTokens();
  await outcome.noteAnswer('after expiry', chat(url, {}));
  for (const { id } of await engine.handlers['accounts.list']({})) {
    await outcome.noteWork('refresh', () => engine.handlers['accounts.refresh']({ id }));
  }
  emulator.inject({ on: 'usage', times: 'always', fault: faults.internalError });
  emulator.inject({ on: 'models', times: 'always', fault: faults.edgeBlock });
  for (const { id } of await engine.handlers['accounts.list']({})) {
    await outcome.noteWork('refresh without usage', () => engine.handlers['accounts.refresh']({ id }));
  }
  emulator.clear();
  for (const fault of [faults.rateLimit, faults.monthlyQuota, faults.suspended]) {
    emulator.inject({ on: 'generate', fault });
    await outcome.noteAnswer('account fault', chat(url, {}));
  }
  for (const account of accounts) account.revoke();
  await outcome.noteAnswer('revoked', chat(url, {}));
  await outcome.noteAnswer('revoked again', chat(url, { stream: true }));
  await outcome.noteAnswer(
    'models of nobody',
    fetch(`${url}/v1/models`, { headers: { 'x-api-key': [...keys][0] ?? '' } }),
  );
}

/** Every question there is, rightly and wrongly put. */
async function askEverything(engine: Engine): Promise<void> {
  const { handlers } = engine;
  await outcome.noteWork('doctor', () => handlers.doctor({}));
  await outcome.noteWork('status', () => handlers.status({}));
  await outcome.noteWork('usage', () => handlers.usage({ days: 30 }));
  await outcome.noteWork('requests', () => handlers.requests({ last: 10_000 }));
  await outcome.noteWork('models', () => handlers.models({}));
  await outcome.noteWork('settings.list', () => handlers['settings.list']({}));
  await outcome.noteWork('settings.set', () => handlers['settings.set']({ key: 'no-such', value: '1' }));
  await outcome.noteWork('settings.set', () => handlers['settings.set']({ key: 'optOut', value: 'perhaps' }));
  await outcome.noteWork('keys.list', () => handlers['keys.list']({}));
  await outcome.noteWork('keys.revoke', () => handlers['keys.revoke']({ name: 'nobody' }));
  const list = await handlers['accounts.list']({});
  outcome.note('accounts.list', list);
  for (const { id } of list) {
    await outcome.noteWork('accounts.label', () => handlers['accounts.label']({ id, label: list[0]?.label ?? '' }));
  }
  await outcome.noteWork('accounts.remove', () => handlers['accounts.remove']({ id: list.at(-1)?.id ?? '' }));
  await outcome.noteWork('accounts.refresh', () => handlers['accounts.refresh']({ id: 'acc_nobody' }));
}

async function knockOnControlSocket(engine: Engine): Promise<void> {
  const socketPath = join(engine.parts.folder.path, 'control.sock');
  const { token } = engine.parts.folder;
  for (const [path, presented, content] of [
    ['/accounts.list', token, '{}'],
    ['/accounts.list', 'wrong', '{}'],
    ['/requests', token, '{"last":100}'],
    ['/requests', token, '{"last":"x"}'],
    ['/keys.list', token, ''],
    ['/no-such', token, '{}'],
    ['/status', token, '{'],
  ] as const) {
    let text = '';
    const outgoing = request({ socketPath, path, method: 'POST', headers: { 'x-kiro-pool-token': presented } });
    outgoing.on('response', (response) => {
      text = JSON.stringify(response.headers);
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => (text += '\n'));
    });
    outgoing.end(content);
    await until(() => text.endsWith('\n'), `${path} was answered`);
    outcome.note(`control ${path}`, text);
  }
}
