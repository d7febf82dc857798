import { describe, expect, it } from 'vitest';
import { ControlPlane } from '../../app/kiro/control-plane.ts';
import { KiroError } from '../../app/kiro/kiro-error.ts';
import type { HttpRequest, Transport } from '../../app/kiro/transport.ts';
import { kiroEndpoints } from '../../app/kiro/endpoints.ts';
import type { Caller } from '../../app/kiro/caller.ts';
import { faults, type AccountKind } from '../emulator/emulator.ts';
import { worldOf, type World } from './with-emulator.ts';

const nowhere = 'http://127.0.0.1:1/{region}';
const planeOf = ({ transport, endpoints }: World, changes: Partial<World['endpoints']> = {}): ControlPlane =>
  new ControlPlane({ transport, endpoints: { ...endpoints, ...changes }, now: () => 0 });
const asked = ({ emulator }: World): string[] => emulator.journal.map(({ host, operation }) => `${host} ${operation}`);

describe('every kind of login learns what it has', () => {
  it.each<AccountKind>(['social', 'builder-id', 'identity-center', 'external-idp', 'api-key'])('%s', async (kind) => {
    await using world = await worldOf({ kind, used: 12.5, limit: 100, email: 'me@example.com' });
    const plane = planeOf(world);
    expect(await plane.usage(world.caller)).toMatchObject({ used: 12.5, limit: 100, email: 'me@example.com' });
    expect((await plane.models(world.caller)).map(({ id }) => id)).toContain('claude-opus-5');
    for (const entry of world.emulator.journal) {
      expect(entry).toMatchObject({ host: 'management', binding: 'rpc', status: 200, userAgent: 'kiro-pool/1.2.3' });
      expect(entry.region).toBe(kind === 'identity-center' ? 'eu-central-1' : 'us-east-1');
    }
  });
});

it('the older host is asked when the current one is not there, and first from then on', async () => {
  await using world = await worldOf({ kind: 'social' });
  const plane = planeOf(world, { management: nowhere });
  await plane.usage(world.caller);
  await plane.models(world.caller);
  await plane.profiles(world.caller);
  expect(new Set(asked(world))).toEqual(
    new Set(['q GetUsageLimits', 'q ListAvailableModels', 'q ListAvailableProfiles']),
  );
  expect(world.emulator.journal.every(({ binding }) => binding === 'rest')).toBe(true);
});

it('a refusal is final', async () => {
  await using world = await worldOf({ kind: 'social' });
  world.account.suspend();
  await expect(planeOf(world).usage(world.caller)).rejects.toMatchObject({ class: 'suspended' });
  expect(asked(world)).toEqual(['management GetUsageLimits']);
});

it('a plan that does not know a question is asked a narrower one', async () => {
  await using world = await worldOf({ kind: 'social' });
  world.emulator.inject({ on: 'usage', fault: faults.featureNotSupported, times: 3 });
  await expect(planeOf(world).usage(world.caller)).resolves.toMatchObject({ used: 0 });
  expect(asked(world)).toHaveLength(4);
  world.emulator.inject({ on: 'usage', fault: faults.featureNotSupported, times: 'always' });
  await expect(planeOf(world).usage(world.caller)).rejects.toMatchObject({ class: 'feature-not-supported' });
});

it('profiles come from both regions; one that refuses counts as having none', async () => {
  const arn = (region: string): string => `arn:aws:codewhisperer:${region}:123456789012:profile/ABC`;
  const profiles = ['us-east-1', 'eu-central-1'].map((region) => ({ arn: arn(region), profileName: region }));
  await using world = await worldOf({ kind: 'identity-center', profiles });
  const wanted = ['us-east-1', 'eu-central-1'].map((region) => ({ arn: arn(region), name: region, region }));
  expect(await planeOf(world).profiles(world.caller)).toEqual(wanted);
  world.emulator.inject({ on: 'profiles', fault: faults.notAuthorized });
  expect(await planeOf(world).profiles(world.caller)).toHaveLength(1);
  world.emulator.inject({ on: 'profiles', fault: faults.notAuthorized, times: 2 });
  await expect(planeOf(world).profiles(world.caller)).rejects.toBeInstanceOf(KiroError);
});

describe('answers of any shape', () => {
  const caller: Caller = {
    key: 'k',
    bearer: 'b',
    tokenType: undefined,
    region: 'us-east-1',
    profile: { type: 'unknown' },
  };
  function answering(answer: (request: HttpRequest, call: number) => string): {
    plane: ControlPlane;
    sent: HttpRequest[];
  } {
    const sent: HttpRequest[] = [];
    const transport: Transport = {
      send: async (request) => ({ status: 200, header: () => undefined, text: answer(request, sent.push(request)) }),
      open: () => Promise.reject(new Error('no stream here')),
      close: async () => {},
    };
    return { plane: new ControlPlane({ transport, endpoints: kiroEndpoints, now: () => 0 }), sent };
  }

  it('all pages are read, and a token that repeats ends', async () => {
    const paged = answering((_request, call) =>
      JSON.stringify({ models: [{ modelId: `m${call}` }], nextToken: call < 3 ? `t${call}` : null }),
    );
    expect((await paged.plane.models(caller)).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
    expect(String(paged.sent[2]?.body)).toContain('"nextToken":"t2"');
    const endless = answering(() => JSON.stringify({ models: [{ modelId: 'm' }], nextToken: 'same' }));
    await endless.plane.models(caller);
    expect(endless.sent).toHaveLength(20);
  });

  it('profiles have pages too, and an odd one hides no other', async () => {
    const arn = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/ABC';
    const pages = answering((request) => {
      const isNext = String(request.body).includes('"nextToken":"t"');
      const profiles = isNext
        ? [{ arn, status: 'ACTIVE' }]
        : [{ arn: 'https://evil' }, { arn, status: 'DISABLED' }, null];
      return JSON.stringify({ profiles, nextToken: isNext ? '' : 't' });
    });
    expect((await pages.plane.profiles(caller)).map(({ arn }) => arn)).toEqual([arn, arn]);
  });

  it.each(['', 'null', '<html>', '[]', '{"models":5}', '{"message":"x"}'])(
    '%j instead of models is Kiro’s fault',
    async (text) => {
      await expect(answering(() => text).plane.models(caller)).rejects.toMatchObject({ class: 'transient' });
    },
  );
});
