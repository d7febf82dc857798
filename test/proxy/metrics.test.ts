import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from '../emulator/emulator.ts';
import { ask, startServing, until, type Serving } from './serving.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing({ accounts: [{ kind: 'social' }, { kind: 'builder-id' }] });
});

afterAll(() => serving[Symbol.asyncDispose]());

/** The samples by name and labels, from a text that must be Prometheus's and nothing else. */
async function metrics(): Promise<ReadonlyMap<string, number>> {
  const answer = await serving.fetch('/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = new Map<string, number>();
  for (const line of (await answer.text()).trimEnd().split('\n')) {
    if (/^# (?:HELP kiro_pool_[a-z_]+ \S.*|TYPE kiro_pool_[a-z_]+ (?:counter|gauge))$/.test(line)) continue;
    const [, name, value] = /^(kiro_pool_[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\})?) (\S+)$/.exec(line) ?? [];
    if (name === undefined || samples.has(name)) throw new Error(`no sample: ${line}`);
    samples.set(name, Number(value));
  }
  return samples;
}

test('what happened is counted, and what is so is shown', async () => {
  await serving.engine.handlers['accounts.label']({ id: 'builder-id-1@example.com', label: 'two "quoted"\\' });
  const before = await metrics();
  expect(before.get('kiro_pool_requests_in_flight')).toBe(0);
  expect(before.get('kiro_pool_accounts{state="ready"}')).toBe(2);
  expect(before.get('kiro_pool_accounts{state="parked"}')).toBe(0);
  expect(before.get('kiro_pool_account_in_flight{account="two \\"quoted\\"\\\\"}')).toBe(0);

  await (await serving.chat()).text();
  await (await serving.chat({ stream: true, ...ask('Stream 40 fragments') })).text();
  serving.emulator.inject({ on: 'generate', fault: faults.bodyInvalid });
  await (await serving.chat()).text();
  // The count follows the answer.
  await until(async () => (await metrics()).has('kiro_pool_requests_total{outcome="refused"}'), 'all are counted');
  const after = await metrics();
  expect(after.get('kiro_pool_requests_total{outcome="served"}')).toBe(2);
  expect(after.get('kiro_pool_requests_total{outcome="refused"}')).toBe(1);
  expect(after.get('kiro_pool_tokens_total{direction="output"}')).toBeGreaterThan(40);
  expect(after.get('kiro_pool_tokens_total{direction="input"}')).toBeGreaterThan(0);
  const credits = [...after].filter(([name]) => name.startsWith('kiro_pool_credits_total{'));
  expect(credits.map(([, value]) => value).reduce((sum, value) => sum + value)).toBeGreaterThan(0);
});

test('a request that is being answered is in flight, with its account', async () => {
  serving.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
  const leaving = new AbortController();
  const waiting = serving.chat({}, { signal: leaving.signal }).catch(() => undefined);
  const inFlight = async (): Promise<number> => (await metrics()).get('kiro_pool_requests_in_flight') ?? -1;
  await until(async () => (await inFlight()) === 1, 'one is in flight');
  const busy = [...(await metrics())].filter(([name]) => name.startsWith('kiro_pool_account_in_flight{'));
  expect(busy.map(([, value]) => value)).toEqual(expect.arrayContaining([0, 1]));
  leaving.abort();
  await waiting;
  await until(async () => (await inFlight()) === 0, 'none is in flight');
});
