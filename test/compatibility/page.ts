/**
 * What each client has been seen to do through the proxy: docs/compatibility.md, made of the tests that the lists of clients name.
 * table.ts runs those tests and writes the page; compatibility.test.ts holds the lists to the test files, and the page to the lists.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { table } from '../proofs/page.ts';
import { codingTools } from './coding-tools.ts';
import { features, type Cell, type Client, type TestName } from './feature.ts';
import { sdks } from './sdks.ts';

export const clients: readonly Client[] = [...sdks, ...codingTools];

const root = join(import.meta.dirname, '../..');

export const pageFile = join(root, 'docs/compatibility.md');

/** Every test that the page rests on, each once. */
export function testsNamed(): readonly TestName[] {
  const all = clients.flatMap((client) => features.flatMap((feature) => testsOfCell(client.features[feature])));
  return [...new Map(all.map((test) => [JSON.stringify(test), test])).values()];
}

/** The whole page, as it is when every named test has passed. */
export function pageText(): string {
  const reasons: string[] = [];
  const rows = clients.map(({ title, api, packages, features: cells }) => [
    title,
    api,
    ...features.map((feature) => mark(cells[feature], reasons)),
    versionsOf(packages),
  ]);
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}`);
  const matrix = table(['client', 'API', ...features, 'version'], rows);
  return [intro(), matrix, ...notes, '', '## What shows it', '', evidence()].join('\n');
}

function intro(): string {
  return `# Which client can do what

✓ is shown by tests of the real client, through the real proxy, before a strict emulator of Kiro. – is what the client has no way to
ask for, and why stands below. An empty field has not been tried. This page is written by \`npm run compatibility\` once all of its
${testsNamed().length} tests have passed; \`npm test\` runs them, too.

- **overflow**: the conversation is too long. An SDK says so in its own class or words; a coding tool makes room and goes on. Codex
  does that in time only; told too late, it says that its window is full, and goes on when it is asked again.
- **rate limit**: an SDK is told when to come back; a coding tool is never told while another account can take over.
- **cut stream**: an SDK gets an error, never half an answer as a whole one; a coding tool asks again and finishes.
- **abort**: who leaves the client also leaves Kiro.
`;
}

/** The test files behind each row. */
function evidence(): string {
  const rows = clients.map(({ title, api, features: cells }) => {
    const files = new Set(features.flatMap((feature) => testsOfCell(cells[feature]).map(({ file }) => file)));
    return [title, api, [...files].map((file) => `[${file.replace('test/', '')}](../${file})`).join('<br>')];
  });
  return table(['client', 'API', 'tests'], rows);
}

function testsOfCell(cell: Cell): readonly TestName[] {
  return cell === 'not tested' || 'lacks' in cell ? [] : cell;
}

/** @param reasons those that the page has so far; a new one is added */
function mark(cell: Cell, reasons: string[]): string {
  if (cell === 'not tested') return '';
  if (!('lacks' in cell)) return '✓';
  if (!reasons.includes(cell.lacks)) reasons.push(cell.lacks);
  return `– <sup>${reasons.indexOf(cell.lacks) + 1}</sup>`;
}

const manifest = v.object({
  devDependencies: v.optional(v.record(v.string(), v.string()), {}),
  optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
});

/** The versions as they are pinned: `openai 7.57.0`. A package for one platform goes by the name of all. */
function versionsOf(packages: readonly string[]): string {
  const pins = ['package.json', 'test/real-clients/package.json'].map((file) => {
    const { devDependencies, optionalDependencies } = v.parse(
      manifest,
      JSON.parse(readFileSync(join(root, file), 'utf8')),
    );
    return { ...devDependencies, ...optionalDependencies };
  });
  const platform = /-linux-x64$/;
  return packages
    .map((name) => {
      const pin = pins.find((each) => name in each)?.[name];
      if (pin === undefined) throw new Error(`the version of ${name} is not pinned`);
      return `${name.replace(platform, '')} ${pin.slice(pin.lastIndexOf('@') + 1).replace(platform, '')}`;
    })
    .join(', ');
}
