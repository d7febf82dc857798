import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { encodePaced } from '../../app/conversation/paced.ts';

test('the bytes are those of the whole text, wherever it is cut', async () => {
  const parts = Array.from({ length: 3_000 }, (_, index) => `${index} wörtlich 👋 ${'x'.repeat(index % 90)}`);
  expect((await encodePaced(parts)).equals(Buffer.from(parts.join('')))).toBe(true);
  expect(await encodePaced([])).toEqual(Buffer.alloc(0));
});

test('others have their turn while a long text is made', async () => {
  let turns = 0;
  const done = new AbortController();
  const others = (async () => {
    for (; !done.signal.aborted; turns += 1) await turn();
  })();
  const slow = function* (): Generator<string> {
    for (let part = 0; part < 20; part += 1) {
      const until = performance.now() + 5;
      while (performance.now() < until);
      yield 'x'.repeat(65_536);
    }
  };
  const bytes = await encodePaced(slow());
  done.abort();
  await others;
  expect(bytes).toHaveLength(20 * 65_536);
  expect(turns).toBeGreaterThanOrEqual(20);
});
