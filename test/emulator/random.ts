/** A source of reproducible numbers: `next()` in [0, 1), `below(n)` an integer in [0, n). */
export interface Random {
  next(): number;
  below(limit: number): number;
}

/** mulberry32: small, fast and the same on every machine, so that a stream that broke a reader can be replayed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}
