import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { parse } from 'yaml';

const workflow = v.object({
  on: v.record(v.string(), v.unknown()),
  permissions: v.record(v.string(), v.string()),
  jobs: v.record(
    v.string(),
    v.object({
      'runs-on': v.string(),
      steps: v.array(v.object({ uses: v.optional(v.string()), run: v.optional(v.string()) })),
    }),
  ),
});
const manifest = v.parse(
  v.object({ scripts: v.record(v.string(), v.string()) }),
  JSON.parse(await readFile('package.json', 'utf8')),
);
const folder = '.github/workflows';
const workflows = await Promise.all(
  (await readdir(folder)).map(async (name) => {
    const text = await readFile(`${folder}/${name}`, 'utf8');
    return { name, text, ...v.parse(workflow, parse(text)) };
  }),
);
/** Every shell line of every job. */
const lines = workflows.flatMap(({ name, jobs }) =>
  Object.values(jobs)
    .flatMap(({ steps }) => steps.flatMap(({ run }) => run?.split('\n') ?? []))
    .map((line) => ({ name, line })),
);

describe('the workflows', () => {
  it('call only scripts that there are', () => {
    const strangers = lines.flatMap(({ name, line }) =>
      [...line.matchAll(/npm (?:run (?:-s )?([\w:-]+)|(test|start)\b)/g)]
        .map(([, script, short]) => script ?? short ?? '')
        .filter((script) => !(script in manifest.scripts))
        .map((script) => `${name}: ${script}`),
    );
    expect(strangers).toEqual([]);
    expect(lines.some(({ line }) => line.includes('npm test'))).toBe(true);
  });

  it('may read the code and no more, and publish nothing', () => {
    for (const { permissions, text } of workflows) {
      expect(permissions).toEqual({ contents: 'read' });
      expect(text).not.toMatch(/npm publish|gh release|--publish (?!never)|GITHUB_TOKEN/);
    }
  });

  it('run nothing that somebody else names, such as the title of a pull request', () => {
    expect(lines.filter(({ line }) => line.includes('${{ github.event'))).toEqual([]);
    expect(lines.filter(({ line }) => line.includes('${{ github.head_ref'))).toEqual([]);
  });
});
