import { describe, expect, it } from 'vitest';
import { figures } from './figures.ts';
import { figuresTable } from './figures-table.ts';
import { replaceMarked } from './marked.ts';
import { comparisonsOf, peerTable } from './peer-table.ts';
import { peerFigures } from './peers.ts';
import { benchPicture } from './picture.ts';
import { rowsOf, type Samples } from './report.ts';

const machine = { node: 'v24.0.0', platform: 'linux', arch: 'x64', cpus: 2 };

/** Two rounds in which everything takes the pass-through 1 and 2, and Kiro Pool so many times as long. */
function samplesOf(times: number): Samples {
  const ids = figures.flatMap(({ id, ratioOf }) => (ratioOf === undefined ? [id] : [id, ratioOf]));
  const all = (factor: number): ReadonlyMap<string, readonly number[]> =>
    new Map(ids.map((id) => [id, [factor, 2 * factor]]));
  return new Map([
    ['pass-through', all(1)],
    ['kiro-pool', all(times)],
  ]);
}

describe('the table of figures', () => {
  it('has every figure with its spread, its ratio and its goal', () => {
    const text = figuresTable(rowsOf(samplesOf(1.27)), 2, machine);
    for (const { title } of figures) expect(text).toContain(`| ${title} |`);
    expect(text).toContain(
      '| CPU µs per event, flood | 1.50 (1.00-2.00) | - | 1.91 (1.27-2.54) | 1.27x | <= 1.25x | **missed** |',
    );
    expect(text).toContain('| idle RSS, MB | 2 (1-2) | - | 2 (1-3) | 1.27x | <= 1.3x | reached |');
  });
});

describe('the table of peers', () => {
  const text = peerTable(comparisonsOf(rowsOf(samplesOf(1.27))));

  it('puts each figure beside the best of the others, and says where that one is better', () => {
    expect(text).toContain('| CPU µs per event, flood | kiro.rs | 6.70, 2.90x | 1.91, 1.27x | 0.44x | ahead |');
    expect(text).toContain(
      '| CPU µs per event, 100 streams x 50/s | kiro.rs | 36.9, 0.64x | 1.9, 1.27x | 1.98x | **behind** |',
    );
    expect(text).toMatch(/A peer is better at: .*CPU µs per event, 100 streams x 50\/s \(kiro\.rs\)/);
  });

  it('counts more events a second as better', () => {
    expect(text).toMatch(
      /\| events\/s, flood, 16 connections \| kiro\.rs \| 141,000, 0\.36x \| [\d.,]+ 1\.27x \| 3\.53x \| ahead \|/,
    );
  });

  it('knows a figure of ours for each of theirs', () => {
    expect(comparisonsOf(rowsOf(samplesOf(1)))).toHaveLength(peerFigures.length);
  });
});

it('the picture is of finite points, for light and dark pages', () => {
  for (const samples of [samplesOf(1.27), samplesOf(Number.NaN), new Map()]) {
    const svg = benchPicture(rowsOf(samples));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).toContain('prefers-color-scheme:dark');
  }
});

describe('a page with marks', () => {
  it('gets what belongs between them, over and over, and keeps the rest', () => {
    const once = replaceMarked('a\n\n<!-- x -->\n<!-- /x -->\n\nb\n', 'x', 'one\n');
    expect(once).toBe('a\n\n<!-- x -->\n\none\n\n<!-- /x -->\n\nb\n');
    expect(replaceMarked(once, 'x', 'two')).toBe('a\n\n<!-- x -->\n\ntwo\n\n<!-- /x -->\n\nb\n');
  });

  it.each(['no marks', '<!-- x --> no end', '<!-- x --><!-- /x --><!-- x --><!-- /x -->'])(
    'needs both, once: %s',
    (page) => {
      expect(() => replaceMarked(page, 'x', 'one')).toThrow('The page needs one place');
    },
  );
});
