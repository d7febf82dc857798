import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../app/conversation/turn-event.ts';
import { KiroError } from '../../app/kiro/kiro-error.ts';
import { TurnClient, type TurnStream } from '../../app/kiro/turn-client.ts';
import { faults, type AccountKind } from '../emulator/emulator.ts';
import { itemsOf } from '../support/feed.ts';
import { turnOf, worldOf, type World } from './with-emulator.ts';

function clientOf(
  { transport, endpoints }: World,
  changes: Partial<World['endpoints']> = {},
  isOptedOut = true,
): TurnClient {
  let ids = 0;
  return new TurnClient({
    transport,
    endpoints: { ...endpoints, ...changes },
    now: () => 0,
    newId: () => `id-${(ids += 1)}`,
    isOptedOut: () => isOptedOut,
  });
}
async function drain(stream: TurnStream): Promise<TurnEvent[]> {
  return (await itemsOf(stream)).flat();
}
const spoken = (events: TurnEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');
const classOf = async (run: Promise<unknown>): Promise<string> => {
  const error: unknown = await run.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof KiroError ? error.class : String(error);
};
const routesOf = ({ emulator }: World): string[] =>
  emulator.journal.map(({ host, binding }) => `${host}/${binding ?? ''}`);
/** A port on which nothing listens. */
const nowhere = 'http://127.0.0.1:1/{region}';

describe('each kind of login goes its own way (protocol §4.1, §4.4)', () => {
  it.each<[AccountKind, string, string | null, string]>([
    ['social', 'runtime/rest', null, 'us-east-1'],
    ['identity-center', 'runtime/rest', null, 'eu-central-1'],
    ['external-idp', 'runtime/rest', 'EXTERNAL_IDP', 'us-east-1'],
    ['builder-id', 'q/rest', null, 'us-east-1'],
    ['api-key', 'runtime/rpc', 'API_KEY', 'us-east-1'],
  ])('%s', async (kind, route, tokenType, region) => {
    await using world = await worldOf({ kind });
    const turn = turnOf('Say exactly hello 👋');
    const stream = await clientOf(world).open(world.caller, turn);
    expect(spoken(await drain(stream))).toBe('hello 👋');
    expect(stream.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(routesOf(world)).toEqual([route]);
    const [entry] = world.emulator.journal;
    expect(entry).toMatchObject({
      tokenType,
      region,
      userAgent: 'kiro-pool/1.2.3',
      optOut: 'true',
      status: 200,
      notes: [],
    });
    expect(entry?.headerNames).toEqual(
      expect.arrayContaining(['x-amzn-kiro-agent-mode', 'amz-sdk-invocation-id', 'amz-sdk-request']),
    );
    expect(entry?.headerNames.includes('x-amzn-kiro-profile-arn')).toBe(!['builder-id', 'api-key'].includes(kind));
    expect(turn.sends).toBe(1);
  });

  it('who does not opt out sends no such header', async () => {
    await using world = await worldOf({ kind: 'social' });
    await drain(await clientOf(world, {}, false).open(world.caller, turnOf('Say exactly a')));
    expect(world.emulator.journal[0]?.optOut).toBeNull();
  });

  it('Builder ID reaches models that q has not through runtime, and remembers', async () => {
    await using world = await worldOf({ kind: 'builder-id' });
    const client = clientOf(world);
    for (const _ of [1, 2]) {
      const stream = await client.open(world.caller, turnOf('Say exactly a', { modelId: 'gpt-5.6-sol' }));
      expect(spoken(await drain(stream))).toBe('a');
    }
    expect(routesOf(world)).toEqual(['q/rest', 'runtime/rpc', 'runtime/rpc']);
  });
});

describe('another host is asked only when this one surely did not take the request', () => {
  it('nobody listens there', async () => {
    await using world = await worldOf({ kind: 'social' });
    const client = clientOf(world, { runtime: nowhere });
    const turn = turnOf('Say exactly a');
    await drain(await client.open(world.caller, turn));
    expect(turn.sends).toBe(2);
    // What worked is tried first from now on.
    const second = turnOf('Say exactly a');
    await drain(await client.open(world.caller, second));
    expect(second.sends).toBe(1);
    expect(routesOf(world)).toEqual(['q/rest', 'q/rest']);
  });

  it.each(['unknownOperation', 'methodNotAllowed', 'credentialInvalid'] as const)('%s', async (name) => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', host: 'runtime', fault: faults[name] });
    await drain(await clientOf(world).open(world.caller, turnOf('Say exactly a')));
    expect(routesOf(world)).toEqual(['runtime/rest', 'q/rest']);
  });

  it.each([
    ['bodyInvalid', 'bad-request'],
    ['invalidBearer', 'token-invalid'],
    ['suspended', 'suspended'],
    ['rateLimit', 'rate-limited'],
    ['highLoad', 'transient'],
    ['edgeBlock', 'edge-blocked'],
    ['invalidModel', 'model-unavailable'],
    ['resetBeforeAnswer', 'network'],
  ] as const)('%s is final: it was heard', async (name, wanted) => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', fault: faults[name] });
    const turn = turnOf('Say exactly a');
    expect(await classOf(clientOf(world).open(world.caller, turn))).toBe(wanted);
    expect(turn.sends).toBe(1);
  });

  it('no more sends than allowed, and no host left', async () => {
    await using world = await worldOf({ kind: 'social' });
    const everywhere = { runtime: nowhere, q: nowhere, codewhisperer: nowhere };
    const all = turnOf('a');
    expect(await classOf(clientOf(world, everywhere).open(world.caller, all))).toBe('network');
    expect(all.sends).toBe(3);
    const two = turnOf('a', { maxSends: 2 });
    expect(await classOf(clientOf(world, everywhere).open(world.caller, two))).toBe('network');
    expect(two.sends).toBe(2);
    expect(await classOf(clientOf(world).open(world.caller, turnOf('a', { maxSends: 0 })))).toBe('network');
    expect(world.emulator.journal).toHaveLength(0);
  });
});

describe('an answer that breaks', () => {
  it.each([
    ['emptyAnswer', 'empty-answer'],
    ['badCrc', 'broken-stream'],
    ['truncatedMidFrame', 'broken-stream'],
    ['resetMidStream', 'broken-stream'],
    ['giantFrame', 'broken-stream'],
    ['throttledFirst', 'rate-limited'],
    ['internalErrorMidStream', 'transient'],
    ['validationFirst', 'context-overflow'],
  ] as const)('%s is %s', async (name, wanted) => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', fault: faults[name] });
    const stream = await clientOf(world).open(world.caller, turnOf('Say exactly a b c d e f'));
    expect(await classOf(drain(stream))).toBe(wanted);
  });

  it('missing figures are no break', async () => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', fault: faults.noMetadata });
    const events = await drain(await clientOf(world).open(world.caller, turnOf('Say exactly a')));
    expect(events.at(-1)).toEqual({ type: 'end', reason: 'stop', usage: { model: 'claude-haiku-4.5' } });
  });
});

describe('whoever leaves closes the connection', () => {
  async function aborted(world: World): Promise<boolean | undefined> {
    for (let tries = 0; tries < 100 && world.emulator.journal[0]?.aborted !== true; tries += 1) await sleep(10);
    return world.emulator.journal[0]?.aborted;
  }

  it('before the answer began', async () => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', fault: faults.stallBeforeAnswer });
    const left = new AbortController();
    const opened = clientOf(world).open(world.caller, turnOf('a', { signal: left.signal }));
    setTimeout(() => left.abort(new Error('gone')), 50);
    await expect(opened).rejects.toThrow('gone');
    expect(await aborted(world)).toBe(true);
  });

  it('in the middle of it', async () => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', fault: faults.stallMidStream });
    const left = new AbortController();
    const stream = await clientOf(world).open(world.caller, turnOf('Stream 20 fragments', { signal: left.signal }));
    setTimeout(() => left.abort(new Error('gone')), 50);
    await expect(drain(stream)).rejects.toThrow('gone');
    expect(await aborted(world)).toBe(true);
  });

  it('by no longer reading', async () => {
    await using world = await worldOf({ kind: 'social' });
    world.emulator.inject({ on: 'generate', fault: faults.stallMidStream });
    const stream = await clientOf(world).open(world.caller, turnOf('Stream 20 fragments'));
    expect(await stream.each(() => 'enough')).toBe(false);
    expect(await aborted(world)).toBe(true);
  });
});
