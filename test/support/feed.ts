import type { Feed } from '../../app/conversation/feed.ts';

/** A feed of items that are there already, or that a test makes one by one. */
export function feedOf<Item>(items: Iterable<Item> | AsyncIterable<Item>): Feed<Item> {
  return {
    async each(take) {
      for await (const item of items) if ((await take(item)) === 'enough') return false;
      return true;
    },
  };
}
