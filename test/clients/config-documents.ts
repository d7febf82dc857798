import { stringify as stringifyToml } from '@decimalturn/toml-patch';
import * as fc from 'fast-check';
import { stringify as stringifyYaml } from 'yaml';
import type { ConfigFormat } from '../../app/clients/edit/config-edit.ts';
import { isObject } from '../../app/clients/edit/config-value.ts';
import { jsonc } from '../../app/clients/edit/jsonc.ts';
import { toml } from '../../app/clients/edit/toml.ts';
import { yaml } from '../../app/clients/edit/yaml.ts';

/** A language of configs, and any text in it. */
export interface ConfigLanguage {
  readonly language: string;
  readonly format: ConfigFormat;
  readonly texts: fc.Arbitrary<string>;
}

/** The keys of settings are among those of documents, so that they meet. */
export const key = fc.constantFrom('a', 'b', 'provider', 'kiro-pool', 'models', 'x.y', 'größe', 'with space', '0');
export const word = fc.oneof(
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
export const scalar = fc.oneof(word, fc.integer({ min: -1e9, max: 1e9 }), fc.boolean());
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

/** Any config, in each of the languages. */
export const documents: readonly ConfigLanguage[] = [
  {
    language: 'JSONC',
    format: jsonc,
    texts: fc
      .tuple(value.table, fc.infiniteStream(fc.nat(1000)))
      .map(([table, stream]) => untidy(table, () => Number(stream.next().value))),
  },
  { language: 'TOML', format: toml, texts: value.table.map((table) => stringifyToml(table)) },
  { language: 'YAML', format: yaml, texts: value.table.map((table) => stringifyYaml(table, { lineWidth: 0 })) },
];
