import { afterEach, describe, expect, it } from 'vitest';
import { searchWeb } from '../../app/kiro/web-search.ts';
import { faults, type AccountSpec } from '../emulator/emulator.ts';
import { worldOf, type World } from './with-emulator.ts';

let world: World;

afterEach(() => world[Symbol.asyncDispose]());

function search(query: string, signal = new AbortController().signal) {
  return searchWeb({ ...world, now: Date.now }, world.caller, query, signal);
}

describe('a search is taken by Kiro in the name of every kind of account', () => {
  it.each<AccountSpec['kind']>(['social', 'builder-id', 'identity-center', 'external-idp', 'api-key'])(
    '%s',
    async (kind) => {
      world = await worldOf({ kind });
      expect(await search('kiro')).toEqual(
        [1, 2, 3].map((number) => ({
          title: `Result ${number} for kiro`,
          url: `https://example.com/${number}`,
          snippet: 'An invented page about kiro.',
        })),
      );
      expect(world.emulator.journal.filter(({ status }) => status >= 400)).toEqual([]);
    },
  );
});

it('a query that is too long is cut, between characters', async () => {
  world = await worldOf({ kind: 'social' });
  const [first] = await search(`${'a'.repeat(199)}👋 and more`);
  expect(first?.title).toBe(`Result 1 for ${'a'.repeat(199)}\ufffd`);
});

it.each([
  ['a refusal', faults.rateLimit, 'rate-limited'],
  ['no JSON', { kind: 'http', status: 200, body: 'soon' }, 'transient'],
  ['another shape', { kind: 'http', status: 200, body: { result: { content: [] } } }, 'transient'],
  [
    'an error of its own',
    { kind: 'http', status: 200, body: { result: { isError: true, content: [{ type: 'text', text: '{}' }] } } },
    'transient',
  ],
  ['a reset', { kind: 'reset' }, 'network'],
] as const)('%s is an error of Kiro, and nothing is asked twice', async (_, fault, errorClass) => {
  world = await worldOf({ kind: 'social' });
  world.emulator.inject({ on: 'web-search', fault });
  await expect(search('kiro')).rejects.toMatchObject({ name: 'KiroError', class: errorClass });
  expect(world.emulator.journal.filter(({ operation }) => operation === 'InvokeMCP')).toHaveLength(1);
});
