/** How long a passphrase would hold against somebody who tries. */
export type Strength = 'none' | 'weak' | 'fair' | 'strong';

/**
 * A rough and cautious guess: what repeats or runs on counts little, and a long passphrase of plain words is strong. It advises,
 * and forbids nothing.
 */
export function strengthOf(passphrase: string): Strength {
  if (passphrase === '') return 'none';
  const bits = Math.min(bitsOfCharacters(passphrase), bitsOfWords(passphrase));
  if (bits < 36) return 'weak';
  return bits < 56 ? 'fair' : 'strong';
}

function bitsOfCharacters(text: string): number {
  const kinds = [
    { pattern: /[a-z]/, size: 26 },
    { pattern: /[A-Z]/, size: 26 },
    { pattern: /\d/, size: 10 },
    { pattern: /[^a-zA-Z\d]/, size: 20 },
  ];
  const alphabet = kinds.reduce((sum, { pattern, size }) => sum + (pattern.test(text) ? size : 0), 0);
  return lengthWithoutRuns(text) * Math.log2(Math.max(2, alphabet));
}

/** Characters that repeat the one before, or follow it as in `abc` and `321`, add nothing. */
function lengthWithoutRuns(text: string): number {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return codes.filter((code, index) => index === 0 || Math.abs(code - (codes[index - 1] ?? 0)) > 1).length;
}

/** A word that is known adds as much as one of some fifteen thousand; what is in no dictionary adds by its characters. */
function bitsOfWords(text: string): number {
  const words = new Set(text.toLowerCase().split(/[\s._-]+/));
  let bits = 0;
  for (const word of words)
    bits += /^[a-z]+\d{0,4}!?$/.test(word) ? Math.min(14, word.length * 4.7) : bitsOfCharacters(word);
  return bits;
}
