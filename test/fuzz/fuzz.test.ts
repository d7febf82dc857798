import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../emulator/random.ts';
import { corpusOf } from './corpus.ts';
import { fuzz } from './fuzzing.ts';
import { minimised } from './minimise.ts';
import { decodePlainly } from './reference.ts';
import { event } from '../kiro/frames.ts';
import { mustHold, type Target } from './target.ts';
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

describe('fuzzing', () => {
  /** Breaks on two bytes that stand together. */
  const fragile: Target = {
    name: 'fragile',
    promise: 'Nothing is wrong with {{.',
    inputs: 0,
    seeds: () => [Buffer.from('{"a":{"b":1}}')],
    check(input) {
      mustHold(!input.includes('{{'), 'it was wrong');
      return 'fine';
    },
  };

  it('finds what is wrong, makes it as small as it goes, and stops after a few', async () => {
    const { findings, inputs } = await fuzz(fragile, { inputs: 50_000, seed: 1, corpus: [] });
    expect(inputs).toBeLessThan(50_000);
    expect(findings).toHaveLength(5);
    for (const { input, message } of findings)
      expect([input.toString(), message]).toEqual(['{{', 'Broken: it was wrong']);
  });

  it('tries the same inputs for the same seed', async () => {
    const tried = async (seed: number): Promise<string[]> => {
      const inputs: string[] = [];
      const note = (input: Buffer): number => inputs.push(input.toString('hex'));
      await fuzz({ ...fragile, check: () => 'fine' }, { inputs: 200, seed, corpus: [], onInput: note });
      return inputs;
    };
    expect(await tried(7)).toEqual(await tried(7));
    expect(await tried(7)).not.toEqual(await tried(8));
  });

  it('leaves alone what cannot be smaller', async () => {
    expect((await minimised(fragile, Buffer.from('{{'), 1)).toString()).toBe('{{');
  });

  it('its plain decoder tells whole streams from damaged ones', () => {
    const bytes = Buffer.concat([event('a', { n: 1 }), event('b', {})]);
    const types = ({ frames }: ReturnType<typeof decodePlainly>): string[] => frames.map(({ type }) => type);
    expect(decodePlainly(bytes)).toMatchObject({ isWhole: true });
    expect(types(decodePlainly(bytes))).toEqual(['a', 'b']);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 6) ^ 1, damaged.length - 6);
    expect(decodePlainly(damaged).isWhole).toBe(false);
    expect(types(decodePlainly(damaged))).toEqual(['a']);
    expect(decodePlainly(bytes.subarray(0, -1)).isWhole).toBe(false);
  });
});
