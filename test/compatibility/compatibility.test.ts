import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { features } from './feature.ts';
import { clients, pageFile, pageText, testsNamed } from './page.ts';

describe('the page of what each client can do', () => {
  it('is what its lists say (npm run compatibility)', async () => {
    expect(await readFile(pageFile, 'utf8')).toBe(pageText());
  });

  it('has a field for every client over each of its APIs and every feature', async () => {
    const [matrix = ''] = (await readFile(pageFile, 'utf8')).split('## What shows it');
    const [head = [], , ...rows] = matrix
      .split('\n')
      .flatMap((line) => (line.startsWith('| ') ? [line.split(' | ')] : []));
    expect(head.slice(2, -1)).toEqual(features);
    expect(rows.map(([title, api]) => `${title} over ${api}`)).toEqual(
      clients.map(({ title, api }) => `| ${title} over ${api}`),
    );
    expect(new Set(rows.map(([title, api]) => `${title} over ${api}`)).size).toBe(clients.length);
    for (const row of rows) expect(row).toHaveLength(head.length);
  });

  it('rests on tests that are there, each to be told from the others of its file', async () => {
    const texts = new Map<string, string>();
    for (const file of new Set(testsNamed().map((test) => test.file))) texts.set(file, await readFile(file, 'utf8'));
    const unclear = testsNamed().filter(({ file, title, within }) => {
      const count = occurrences(texts.get(file) ?? '', title);
      return within === undefined ? count !== 1 : count === 0;
    });
    expect(unclear).toEqual([]);
  });
});

/** How many tests of this title a file declares. */
function occurrences(text: string, title: string): number {
  const oneLine = text.replaceAll(/\(\s+/g, '(');
  const quoted = [`('${title.replaceAll("'", String.raw`\'`)}',`, `("${title}",`];
  return quoted.reduce((sum, each) => sum + oneLine.split(each).length - 1, 0);
}
