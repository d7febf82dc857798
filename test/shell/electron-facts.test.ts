import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { factsFile, factsText } from './electron-facts.ts';
import { allFacts } from './facts/all-facts.ts';

const facts = Object.values(allFacts).flat();

describe('the facts about Electron', () => {
  it('are written down as they are run (node test/shell/electron-facts.ts)', async () => {
    expect(await readFile(factsFile, 'utf8')).toBe(factsText());
  });

  it('are many, each says another thing, and each has a source', () => {
    expect(facts.length).toBeGreaterThanOrEqual(40);
    expect(new Set(facts.map(({ says }) => says)).size).toBe(facts.length);
    expect(facts.filter(({ source }) => !URL.canParse(source))).toEqual([]);
  });

  it('are asked of a real Electron, too, unless nobody can bring it there', () => {
    expect(facts.filter(({ isOfDouble }) => !isOfDouble).length).toBeGreaterThan(facts.length * 0.8);
  });
});
