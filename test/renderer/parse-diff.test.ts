import { createTwoFilesPatch } from 'diff';
import { assert, array, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../renderer/components/parse-diff.ts';

function diffOf(before: string, after: string): string {
  return createTwoFilesPatch('a', 'b', before, after, undefined, undefined, { context: 3 });
}

describe('a diff on screen', () => {
  it('numbers each line in the version that has it', () => {
    expect(parseDiff(diffOf('one\ntwo\nthree\n', 'one\n2\nthree\nfour\n'))).toEqual([
      { kind: 'same', before: 1, after: 1, text: 'one' },
      { kind: 'removed', before: 2, after: undefined, text: 'two' },
      { kind: 'added', before: undefined, after: 2, text: '2' },
      { kind: 'same', before: 3, after: 3, text: 'three' },
      { kind: 'added', before: undefined, after: 4, text: 'four' },
    ]);
  });

  it('says where lines were left out', () => {
    const before = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const after = before.map((line, index) => (index === 2 || index === 35 ? `${line}!` : line));
    const lines = parseDiff(diffOf(`${before.join('\n')}\n`, `${after.join('\n')}\n`));
    expect(lines.filter(({ kind }) => kind === 'skipped')).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ before: 39, after: 39 });
  });

  it('takes lines that look like a diff for what they are', () => {
    expect(parseDiff(diffOf('--- a\n', '+++ b\n'))).toEqual([
      { kind: 'removed', before: 1, after: undefined, text: '--- a' },
      { kind: 'added', before: undefined, after: 1, text: '+++ b' },
    ]);
  });

  it('shows nothing for no change', () => {
    expect(parseDiff('')).toEqual([]);
  });

  it('holds exactly what is removed and added, whatever the texts', () => {
    const text = array(constantFrom('a', 'b', '', '-', '+x', ' y', '@@ -1 +1 @@'), { maxLength: 12 });
    assert(
      property(text, text, (before, after) => {
        const lines = parseDiff(diffOf(asFile(before), asFile(after)));
        const left = lines.filter((line) => line.before !== undefined);
        const right = lines.filter((line) => line.after !== undefined);
        expect(left.map(({ text }) => text)).toEqual(left.map((line) => before[(line.before ?? 0) - 1]));
        expect(right.map(({ text }) => text)).toEqual(right.map((line) => after[(line.after ?? 0) - 1]));
        expect(right.length - left.length).toBe(after.length - before.length);
      }),
    );
  });
});

function asFile(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
