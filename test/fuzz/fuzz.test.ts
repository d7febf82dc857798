import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../emulator/random.ts';
import { corpusOf } from './corpus.ts';
import { fuzz } from './fuzzing.ts';
import { targets } from './targets.ts';

describe.each(targets)('$name', (target) => {
  afterAll(() => target.close?.());

  it('holds its promise for every input that was kept', async () => {
    const corpus = corpusOf(target.name);
    expect(corpus.length).toBeGreaterThan(1);
    for (const [index, input] of corpus.entries()) expect(await target.check(input, seededRandom(index))).not.toBe('');
  });

  it('and for some that were never tried before', async () => {
    // The costs of one input differ by a thousand.
    const inputs = Math.max(20, Math.min(2_000, target.inputs / 500));
    const { findings, classes } = await fuzz(target, { inputs, seed: 20, corpus: [], isKnownGood: true });
    expect(findings.map(({ message, input }) => [message, input.toString('base64')])).toEqual([]);
    expect(classes.size).toBeGreaterThan(1);
  });
});
