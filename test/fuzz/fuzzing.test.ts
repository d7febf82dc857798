import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { event, streamBytes } from '../kiro/frames.ts';
import { temporaryFolder } from '../support/engine.ts';
import { fuzz } from './fuzzing.ts';
import { answersIn } from './http-answers.ts';
import { readableRequests } from './http-reference.ts';
import { minimised } from './minimise.ts';
import { pageOf } from './page.ts';
import { decodePlainly } from './reference.ts';
import { readWithSdk } from './sdk-reader.ts';
import { keepSegment, keptSegment, seedOf, segmentsOf, type Segment } from './segment.ts';
import { mustHold, type Target } from './target.ts';

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
});

describe('a run in segments', () => {
  const MiB = 1024 * 1024;
  const [first] = segmentsOf('fragile', 10, 1);
  const done = (changes: Partial<Segment> = {}): Segment => ({
    ...(first ?? expect.fail('there is no segment')),
    commit: 'abc1234',
    seconds: 1,
    classes: [['fine', 10]],
    held: { early: MiB, late: 2 * MiB },
    ...changes,
  });
  const target: Target = { name: 'fragile', promise: 'It holds.', inputs: 10, seeds: () => [], check: () => 'fine' };

  it('makes all inputs, and none of them twice', () => {
    const segments = segmentsOf('event-stream', 10_000_001, 1);
    expect(segments.reduce((sum, { inputs }) => sum + inputs, 0)).toBe(10_000_001);
    expect(new Set(segments.map((segment) => seedOf(segment))).size).toBe(segments.length);
  });

  it('goes on from what is noted, for the same seed and number of inputs alone', () => {
    using folder = temporaryFolder();
    keepSegment(folder.path, done());
    expect(keptSegment(folder.path, done())).toEqual(done());
    for (const other of [{ seed: 2 }, { inputs: 11 }, { index: 1 }, { target: 'other' }])
      expect(keptSegment(folder.path, done(other))).toBeUndefined();
  });

  it('takes no note that was cut short for a whole one', () => {
    using folder = temporaryFolder();
    keepSegment(folder.path, done());
    writeFileSync(`${folder.path}/fragile/seed-2-0-of-10.json.part`, '{"target":');
    expect(keptSegment(folder.path, done({ seed: 2 }))).toBeUndefined();
  });

  it('adds the segments up on the page, with their commits', () => {
    const segments = [done(), done({ index: 1, commit: 'def5678', classes: [['odd', 10]] })];
    const { page, isHeld } = pageOf([{ target, segments, findings: [] }], 1);
    expect(isHeld).toBe(true);
    expect(page).toContain('| `fragile` | 20 | 10 | 2 | 1.0 → 2.0 | 0 | abc1234, def5678 |');
    expect(page).toContain('Every promise was held.');
  });

  it('is broken by a finding, and by memory that grows', () => {
    const finding = { input: Buffer.from('{{'), message: 'it was wrong' };
    const found = pageOf([{ target, segments: [done()], findings: [finding] }], 1);
    expect([found.isHeld, found.page]).toEqual([
      false,
      expect.stringContaining('BROKEN: fragile, 2 bytes: it was wrong'),
    ]);
    const leaking = done({ index: 1, held: { early: MiB, late: 20 * MiB } });
    const grown = pageOf([{ target, segments: [done(), leaking], findings: [] }], 1);
    expect([grown.isHeld, grown.page]).toEqual([false, expect.stringContaining('what it held grew by 19.0 MiB')]);
  });
});

describe('the oracles', () => {
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

  it("the reader of AWS's client reads what the plain decoder does", async () => {
    const bytes = Buffer.concat([streamBytes('stream_text'), event('b', {})]);
    const events = await readWithSdk([bytes.subarray(0, 7), bytes.subarray(7)]);
    const plain = decodePlainly(bytes).frames.map(({ type, payload }) => ({ type, payload: payload.toString() }));
    expect(events.map(({ type, payload }) => ({ type, payload: Buffer.from(payload).toString() }))).toEqual(plain);
    await expect(readWithSdk([bytes.subarray(0, -1)])).rejects.toThrow('Truncated');
  });

  it('requests are found however they are framed, and only when they are whole', () => {
    const head = 'POST /a HTTP/1.1\r\nHost: x\r\n';
    const bodies = (text: string): string[] => readableRequests(Buffer.from(text)).map(({ body }) => body.toString());
    expect(
      bodies(
        `${head}content-length: 2\r\n\r\nab${head}transfer-encoding: chunked\r\n\r\n1;x\r\na\r\n1\r\nb\r\n0\r\n\r\n`,
      ),
    ).toEqual(['ab', 'ab']);
    expect(bodies(`${head}content-length: 3\r\n\r\nab`)).toEqual([]);
    expect(bodies(`${head}transfer-encoding: chunked\r\n\r\n1\r\na\r\n`)).toEqual([]);
    expect(bodies('GET / HTTP/1.1\r\n\r\n')).toEqual(['']);
  });

  it('answers are whole to the last byte, or it is said that they are not', () => {
    const one = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
    const two = 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n';
    expect(answersIn(one + two, false).map(({ status }) => status)).toEqual([200, 404]);
    expect(answersIn(one.slice(0, -1), true)).toEqual([]);
    for (const bad of [one.slice(0, -1), `${one}x`, two.slice(0, -1), 'nonsense\r\n\r\n'])
      expect(() => answersIn(bad, false)).toThrow(/without an end|no status line/);
  });
});
