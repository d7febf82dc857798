import { expect, test } from 'vitest';
import { begun, enoughAfter } from '../../app/conversation/feed.ts';
import { feedOf, itemsOf } from '../support/feed.ts';

test('a feed that has begun gives every item, the first as well', async () => {
  expect(await itemsOf(await begun(feedOf([1, 2, 3])))).toEqual([1, 2, 3]);
  expect(await itemsOf(await begun(feedOf<number>([])))).toEqual([]);
});

test('nothing of it is asked for before its first item is taken', async () => {
  const made: number[] = [];
  const counting = function* (): Generator<number> {
    for (let item = 1; item <= 3; item += 1) {
      made.push(item);
      yield item;
    }
  };
  const feed = await begun(feedOf(counting()));
  expect(made).toEqual([1]);
  expect(await feed.each((item) => (item === 2 ? 'enough' : undefined))).toBe(false);
  expect(made).toEqual([1, 2]);
});

test('what breaks before the first item is told at once, and later to whoever takes', async () => {
  const breaking = async function* (after: number): AsyncGenerator<number> {
    for (let item = 1; item <= after; item += 1) yield item;
    throw new Error('broken');
  };
  await expect(begun(feedOf(breaking(0)))).rejects.toThrow('broken');
  const feed = await begun(feedOf(breaking(2)));
  const taken: number[] = [];
  await expect(
    feed.each((item) => {
      taken.push(item);
      return undefined;
    }),
  ).rejects.toThrow('broken');
  expect(taken).toEqual([1, 2]);
});

test('enough is said after what is being taken was taken, and not when it could not be', async () => {
  expect(enoughAfter(undefined)).toBe('enough');
  expect(await enoughAfter(Promise.resolve(undefined))).toBe('enough');
  await expect(enoughAfter(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
});
