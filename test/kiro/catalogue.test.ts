import { expect, it } from 'vitest';
import { CatalogueCache } from '../../app/kiro/catalogue.ts';
import type { KiroModel } from '../../app/kiro/models.ts';

const model = (id: string): KiroModel => ({
  id,
  name: id,
  inputTypes: ['text'],
  efforts: [],
  requestFields: undefined,
});
const minutes = 60_000;

function setUp(): {
  cache: CatalogueCache;
  asked: string[];
  world: { now: number; answer: () => Promise<KiroModel[]> };
} {
  const asked: string[] = [];
  const world = { now: 0, answer: async (): Promise<KiroModel[]> => [model('a')] };
  const fetch = (caller: string): Promise<KiroModel[]> => {
    asked.push(caller);
    return world.answer();
  };
  return { cache: new CatalogueCache({ now: () => world.now, fetch }), asked, world };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('is asked for once in thirty minutes, then in the background', async () => {
  const { cache, asked, world } = setUp();
  expect([...((await cache.get('x'))?.models.keys() ?? [])]).toEqual(['a']);
  world.now = 30 * minutes - 1;
  await cache.get('x');
  expect(asked).toEqual(['x']);
  world.now = 30 * minutes;
  world.answer = async () => [model('b')];
  expect([...((await cache.get('x'))?.models.keys() ?? [])]).toEqual(['a']);
  await settled();
  expect([...(cache.peek('x')?.models.keys() ?? [])]).toEqual(['b']);
});

it.each([
  ['an empty one', async () => []],
  ['a refusal', () => Promise.reject(new Error('no'))],
  [
    'a failure to ask',
    () => {
      throw new Error('no');
    },
  ],
])(
  '%s never replaces a good one, and is tried again after five minutes',
  async (_name, answer: () => Promise<KiroModel[]>) => {
    const { cache, asked, world } = setUp();
    await cache.get('x');
    world.now = 31 * minutes;
    world.answer = answer;
    await cache.get('x');
    await settled();
    await cache.get('x');
    expect(asked).toHaveLength(2);
    expect(cache.peek('x')?.models.has('a')).toBe(true);
    world.now = 36 * minutes;
    await cache.get('x');
    expect(asked).toHaveLength(3);
  },
);

it('many who ask at once are one question, and callers are apart', async () => {
  const { cache, asked } = setUp();
  await Promise.all([cache.get('x'), cache.get('x'), cache.get('y'), cache.get('x')]);
  expect(asked).toEqual(['x', 'y']);
});

it('an answer that comes after its caller was forgotten is not kept', async () => {
  const { cache, world } = setUp();
  let release = (_models: KiroModel[]): void => {};
  world.answer = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const first = cache.get('x');
  cache.forget('x');
  const releaseOld = release;
  world.answer = async () => [model('new')];
  expect((await cache.get('x'))?.models.has('new')).toBe(true);
  releaseOld([model('old')]);
  await first;
  expect([...(cache.peek('x')?.models.keys() ?? [])]).toEqual(['new']);
});
