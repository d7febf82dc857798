import { createHash, type Hash } from 'node:crypto';

/**
 * Knows a text again without keeping it, however long it is and in whatever pieces it comes. White space at its ends does not
 * count, as clients trim text.
 */
export class TextDigest {
  /** Of what the text began with; undefined as long as nothing was hashed, which for most answers is until they end. */
  #hash: Hash | undefined;
  /** Not hashed yet: few and long pieces are cheaper than many short ones, and the end of these may be the end of the text. */
  #waiting = '';

  /** @param text must not end in the middle of a surrogate pair */
  add(text: string): this {
    this.#waiting += text;
    if (this.#waiting.length >= pieceLength) this.#hashWaiting();
    return this;
  }

  /** @returns the digest in base64; nothing may be added after */
  end(): string {
    this.#hashWaiting();
    return (this.#hash ?? createHash('sha256')).digest('base64');
  }

  #hashWaiting(): void {
    const begun = this.#hash ? this.#waiting : this.#waiting.trimStart();
    const trimmed = begun.trimEnd();
    // So much white space cannot be the end alone, and would be held for ever.
    const piece = begun.length - trimmed.length > 2 * pieceLength ? begun : trimmed;
    if (piece !== '') this.#hash = (this.#hash ?? createHash('sha256')).update(piece);
    this.#waiting = begun.slice(piece.length);
  }
}

const pieceLength = 16 * 1024;
