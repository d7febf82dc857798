import type { Feed } from '../../app/conversation/feed.ts';

/** Takes every item of a feed, to its end. */
export async function itemsOf<Item>(feed: Feed<Item>): Promise<Item[]> {
  const items: Item[] = [];
  await feed.each((item) => {
    items.push(item);
    return undefined;
  });
  return items;
}

/** A feed of items that are there already, or that a test makes one by one. */
export function feedOf<Item>(items: Iterable<Item> | AsyncIterable<Item>): Feed<Item> {
  return {
    async each(take) {
      for await (const item of items) if ((await take(item)) === 'enough') return false;
      return true;
    },
  };
}
