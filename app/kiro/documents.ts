import type { DocumentPart } from '../conversation/conversation.ts';
import { TurnError } from '../conversation/turn-error.ts';

/** A document as Kiro takes it (protocol §4.5). */
export interface WireDocument {
  readonly name: string;
  readonly format: DocumentPart['format'];
  readonly source: { readonly bytes: string };
}

const maxPerMessage = 5;
const longestName = 200;

/** Gives the documents of one request names that Kiro takes, no two the same. */
export class DocumentNames {
  readonly #used = new Set<string>();

  /** @throws TurnError `invalid-request` when one message has more than Kiro takes */
  toWire(documents: readonly DocumentPart[]): WireDocument[] {
    if (documents.length > maxPerMessage) {
      throw new TurnError(
        'invalid-request',
        `A message has ${documents.length} documents; Kiro takes at most ${maxPerMessage}.`,
        { param: 'messages' },
      );
    }
    return documents.map(({ name, format, base64 }) => ({
      name: this.#claim(plainName(name)),
      format,
      source: { bytes: base64 },
    }));
  }

  #claim(name: string): string {
    let free = name;
    for (let count = 2; this.#used.has(free); count += 1) free = `${name.slice(0, longestName - 8)} (${count})`;
    this.#used.add(free);
    return free;
  }
}

/** Letters, digits, single spaces and -_()[] are all that Kiro takes; the format says what it is. */
function plainName(name: string): string {
  const bare = name.replace(/\.pdf$/i, '');
  const plain = bare.replaceAll(/[^\p{L}\p{N}\-_()[\]]+/gu, ' ').trim();
  return wholeCharacters(plain, longestName) || 'document';
}

/** Cuts between characters, never within one. */
function wholeCharacters(text: string, length: number): string {
  if (text.length <= length) return text;
  let cut = '';
  for (const character of text) {
    if (cut.length + character.length > length) break;
    cut += character;
  }
  return cut.trimEnd();
}
