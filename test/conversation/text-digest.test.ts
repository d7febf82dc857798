import { array, assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { TextDigest } from '../../app/conversation/text-digest.ts';

const digestOf = (...pieces: string[]): string => {
  const digest = new TextDigest();
  for (const piece of pieces) digest.add(piece);
  return digest.end();
};

/** Texts with white space in all places, some of them longer than what is hashed at once. */
const text = array(
  oneof(string({ unit: 'grapheme' }), constantFrom(' ', '\n\n', '\u00a0', 'word '.repeat(5_000), ' '.repeat(2_000))),
  { maxLength: 12 },
).map((parts) => parts.join(''));

it('is the same for a text in one piece, in any pieces, and trimmed', () => {
  assert(
    property(text, array(nat()), (whole, cuts) => {
      const letters = Array.from(whole);
      const at = cuts.map((cut) => cut % (letters.length + 1)).toSorted((one, other) => one - other);
      const pieces = [...at, letters.length].map((end, index) => letters.slice(at[index - 1] ?? 0, end).join(''));
      expect(digestOf(...pieces)).toBe(digestOf(whole));
      expect(digestOf(whole.trim())).toBe(digestOf(whole));
    }),
  );
});

it('differs for texts that differ, if only by white space inside or near a border of what is hashed at once', () => {
  const long = 'a'.repeat(16 * 1024);
  const texts = ['', 'a', 'a b', 'a  b', 'b', long, `${long} b`, `${long}b`, `${long}  b`, ` ${long}\nb`];
  expect(new Set(texts.map((each) => digestOf(each))).size).toBe(texts.length);
});

it('does not hold on to white space without end', () => {
  const blank = ' '.repeat(1024);
  expect(digestOf('a', ...Array.from({ length: 100 }, () => blank), 'b')).not.toBe(digestOf('a', blank, 'b'));
});
