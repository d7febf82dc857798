/**
 * Follows which lines of a Markdown text stand in a fenced code block, while they stream. As CommonMark has it, a fence ends with
 * at least as many of its marks and nothing behind them: one with a word behind it does not end another.
 */
export class FencedCode {
  #open: { readonly mark: string; readonly length: number } | undefined;
  /** What has come of a line that may be a fence. */
  #line: string[] | undefined;

  /** Whether the next line stands in a block. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Begins a line, by its first letter without its indent. */
  begin(first: string): void {
    this.#line = first === '`' || first === '~' ? [] : undefined;
  }

  /** Takes in the next piece of the line; the last one ends in its line break. */
  read(piece: string): void {
    if (!this.#line) return;
    this.#line.push(piece);
    if (!piece.endsWith('\n')) return;
    this.#end(this.#line.join(''));
    this.#line = undefined;
  }

  #end(line: string): void {
    const mark = line.charAt(0);
    let length = 0;
    while (line.charAt(length) === mark) length += 1;
    const info = line.slice(length).trim();
    if (this.#open) {
      if (mark === this.#open.mark && length >= this.#open.length && info === '') this.#open = undefined;
      return;
    }
    // A code span has its end in the same line.
    if (length >= 3 && !(mark === '`' && info.includes('`'))) this.#open = { mark, length };
  }
}
