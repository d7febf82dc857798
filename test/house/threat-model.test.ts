import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/threat-model.md', 'utf8');
/** Each row of the table: what is tried, and the test that tries it. */
const rows = [...page.matchAll(/^\| (.+?) +\| (.+?) +\| `(test\/[\w./-]+)` › (.+?) +\|$/gm)].map(
  ([, attack = '', , file = '', title = '']) => ({ attack, file, title }),
);

/** Whether a file has a test, or a group of tests, of this title as it stands in the source. */
function hasTest(file: string, title: string): boolean {
  const source = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(/\(\s+/g, '(') : '';
  return ["'", '"', '`'].some((quote) => source.includes(`(${quote}${title}${quote},`));
}

describe('the threat table', () => {
  it('has a test for each of its rows, which is there', () => {
    const lines = page.split('\n').filter((line) => line.startsWith('| ') && line.includes('test/'));
    expect(rows).toHaveLength(lines.length);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(({ file, title }) => !hasTest(file, title))).toEqual([]);
  });

  it('names each attack and each test once, and every file of attacks', () => {
    for (const keyOf of [
      ({ attack }: { attack: string }) => attack,
      (row: { file: string; title: string }) => row.file + row.title,
    ])
      expect(new Set(rows.map(keyOf)).size).toBe(rows.length);
    const named = new Set(rows.map(({ file }) => file));
    expect(globSync('test/attacks/*.test.ts').filter((file) => !named.has(file.replaceAll('\\', '/')))).toEqual([]);
  });

  it('would miss a test that is gone', () => {
    expect(hasTest('test/house/threat-model.test.ts', 'would miss a test that is gone')).toBe(true);
    expect(hasTest('test/house/threat-model.test.ts', 'would miss a test')).toBe(false);
    expect(hasTest('test/house/no-such.test.ts', 'anything')).toBe(false);
  });
});
