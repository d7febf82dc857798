import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../../app/clients/client-error.ts';
import {
  parseConfig,
  recordOf,
  rewrite,
  takenBack,
  withSettings,
  type Setting,
} from '../../app/clients/edit/config-edit.ts';
import { isObject, isSame } from '../../app/clients/edit/config-value.ts';
import { documents, key, scalar, word } from './config-documents.ts';

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

const lineEnds = fc.constantFrom('\n', '\r\n');

describe.each(documents)('any config in $language', ({ format, texts }) => {
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
