import { stringify as stringifyToml } from '@decimalturn/toml-patch';
import * as fc from 'fast-check';
import { stringify as stringifyYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../app/clients/client-error.ts';
import {
  parseConfig,
  recordOf,
  rewrite,
  takenBack,
  withSettings,
  type ConfigFormat,
  type Setting,
} from '../../app/clients/edit/config-edit.ts';
import { isObject, isSame } from '../../app/clients/edit/config-value.ts';
import { jsonc } from '../../app/clients/edit/jsonc.ts';
import { toml } from '../../app/clients/edit/toml.ts';
import { yaml } from '../../app/clients/edit/yaml.ts';

/** The keys of settings are among those of documents, so that they meet. */
const key = fc.constantFrom('a', 'b', 'provider', 'kiro-pool', 'models', 'x.y', 'größe', 'with space', '0');
const word = fc.oneof(
  fc.constantFrom(
    '',
    'text',
    '# no comment',
    '// no comment',
    '"quoted"',
    "it's",
    'a: b',
    '- c',
    'null',
    '1',
    'ß🦊',
    '\\n',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Cc}|[\u2028\u2029\uFEFF]/gu, '')),
);
const scalar = fc.oneof(word, fc.integer({ min: -1e9, max: 1e9 }), fc.boolean());
const value = fc.letrec<{ tree: unknown; table: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(tie('table'), { minLength: 1, maxLength: 2 }),
    tie('table'),
  ),
  table: fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
}));

/** What a tool would be told: a table below one or two keys, and a plain value. */
const settings: fc.Arbitrary<Setting[]> = fc
  .record({
    path: fc.array(key, { minLength: 1, maxLength: 2 }),
    value: fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 3 }),
    model: word,
  })
  .map(({ path, value, model }) => [
    { path, value },
    { path: ['model'], value: model },
  ]);

/** JSON as people leave it behind: comments between members, commas before closing brackets, all kinds of indentation. */
function untidy(document: unknown, choose: () => number): string {
  const gap = (): string => ['', ' ', '\n', '\n  ', '\t', ' /* c */ ', '\n// c\n'][choose() % 7] ?? '';
  const list = (open: string, parts: string[], close: string): string =>
    open +
    parts.map((part) => gap() + part + gap()).join(',') +
    (parts.length > 0 && choose() % 3 === 0 ? `,${gap()}` : '') +
    gap() +
    close;
  const render = (node: unknown): string => {
    if (Array.isArray(node)) return list('[', node.map(render), ']');
    if (!isObject(node)) return JSON.stringify(node);
    const members = Object.entries(node).map(
      ([name, each]) => `${JSON.stringify(name)}${gap()}:${gap()}${render(each)}`,
    );
    return list('{', members, '}');
  };
  return gap() + render(document) + gap();
}

const documents: readonly (readonly [string, ConfigFormat, fc.Arbitrary<string>])[] = [
  [
    'JSONC',
    jsonc,
    fc
      .tuple(value.table, fc.infiniteStream(fc.nat(1000)))
      .map(([table, stream]) => untidy(table, () => Number(stream.next().value))),
  ],
  ['TOML', toml, value.table.map((table) => stringifyToml(table))],
  ['YAML', yaml, value.table.map((table) => stringifyYaml(table, { lineWidth: 0 }))],
];

const lineEnds = fc.constantFrom('\n', '\r\n');

describe.each(documents)('any config in %s', (_language, format, texts) => {
  it('says what was put into it and everything that it said before, or is left alone with an error that says so', () => {
    let changed = 0;
    fc.assert(
      fc.property(texts, settings, lineEnds, (plain, wanted, eol) => {
        const text = plain.replaceAll('\n', eol);
        const to = attempt(() => withSettings(parseConfig(text, format), wanted));
        const after = to && attempt(() => rewrite(text, to.result, format));
        if (!after) return true;
        changed += 1;
        return (
          isSame(parseConfig(after.result, format), to.result) &&
          ['// c', '/* c */'].every((comment) => countOf(comment, after.result) === countOf(comment, text)) &&
          rewrite(after.result, to.result, format) === after.result
        );
      }),
      { numRuns: 400 },
    );
    // Most are written, else this would prove nothing.
    expect(changed).toBeGreaterThan(200);
  });

  it('is as it was once all is taken back, whatever the user has added beside it', () => {
    let undone = 0;
    fc.assert(
      fc.property(texts, settings, word, (text, wanted, mine) => {
        const before = parseConfig(text, format) ?? {};
        const to = attempt(() => withSettings(before, wanted));
        if (!to) return true;
        undone += 1;
        const back = takenBack({ ...plainOf(to.result), mine }, recordOf(before, wanted));
        return isSame(withoutEmpty(back), withoutEmpty({ ...before, mine }));
      }),
      { numRuns: 400 },
    );
    expect(undone).toBeGreaterThan(200);
  });
});

/** What comes out, or undefined for a refusal in words. */
function attempt<T>(run: () => T): { result: T } | undefined {
  try {
    return { result: run() };
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

function countOf(part: string, text: string): number {
  return text.split(part).length - 1;
}

function plainOf(node: unknown): object {
  return isObject(node) ? node : {};
}

/** A table that was empty before may be gone with what was put into it: it says nothing. */
function withoutEmpty(node: unknown): unknown {
  if (!isObject(node)) return node;
  const members = Object.entries(node).map(([name, each]) => [name, withoutEmpty(each)] as const);
  return Object.fromEntries(members.filter(([, each]) => !isObject(each) || Object.keys(each).length > 0));
}
