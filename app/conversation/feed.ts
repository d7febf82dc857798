/**
 * What comes by itself, item after item, and is taken as it comes. A running answer is pushed from the socket that it comes in by
 * to the one that it leaves by within one call: no promise and no queue stands in between, as an iterator's would for each item
 * and layer.
 */
export interface Feed<Item> {
  /**
   * Calls `take` with one item after the other. To be called once, and soon: the source waits until then.
   * @returns true once the source came to its end, false when `take` had enough and the source was let go
   * @throws what the source broke with, or what `take` threw, which lets go of the source too
   */
  each(take: Take<Item>): Promise<boolean>;
}

/** Takes an item. A promise makes the source wait for it. */
export type Take<Item> = (item: Item) => Taken | Promise<Taken>;

/** `enough` when no further item is wanted. */
export type Taken = 'enough' | undefined;

/** No further item is wanted once this one was taken. */
export function enoughAfter(taken: Taken | Promise<Taken>): Taken | Promise<Taken> {
  return taken instanceof Promise ? taken.then(() => 'enough' as const) : 'enough';
}

/**
 * Resolves when the first item is here, with a feed that begins with it; or when the source ended without any.
 * @throws what the source broke with before its first item
 */
export async function begun<Item>(source: Feed<Item>): Promise<Feed<Item>> {
  const first = Promise.withResolvers<void>();
  const taker = Promise.withResolvers<Take<Item>>();
  let take: Take<Item> | undefined;
  const whole = source.each((item) => {
    if (take) return take(item);
    first.resolve();
    return taker.promise.then((wanted) => {
      take = wanted;
      return wanted(item);
    });
  });
  await Promise.race([first.promise, whole]);
  // What breaks before anybody takes is told to whoever does.
  whole.catch(() => {});
  return {
    each(wanted) {
      taker.resolve(wanted);
      return whole;
    },
  };
}
