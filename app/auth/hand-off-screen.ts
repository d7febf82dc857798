/**
 * What a terminal would show: kiro-cli redraws its menus with cursor movements, and Windows' console sends only the cells
 * that changed, so text with the escape sequences cut out would not say which line is marked. A small part of ECMA-48:
 * printing, line ends, cursor movement and erasing; colours, titles and modes are passed over.
 */
export class Screen {
  #rows: string[][] = [[]];
  #row = 0;
  #column = 0;
  /** A sequence that came in two pieces. */
  #pending = '';

  /** Takes the next output. */
  write(text: string): void {
    const input = this.#pending + text;
    this.#pending = '';
    let at = 0;
    while (at < input.length) {
      if (input[at] !== '\u001B') {
        const character = String.fromCodePoint(input.codePointAt(at) ?? 0);
        this.#put(character);
        at += character.length;
        continue;
      }
      const length = sequenceLength(input, at);
      if (length === undefined) {
        this.#pending = input.slice(at, at + maximalSequence);
        return;
      }
      this.#obey(input.slice(at, at + length));
      at += length;
    }
  }

  /** The lines from the top, without what trails them; empty ones stay, those at the end do not. */
  get lines(): string[] {
    const lines = this.#rows.map((row) =>
      Array.from(row, (cell: string | undefined) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#move(this.#row + 1, this.#column);
    else if (character === '\b') this.#move(this.#row, this.#column - 1);
    else if (character === '\t') this.#move(this.#row, (Math.floor(this.#column / 8) + 1) * 8);
    else if (character >= ' ' && character !== '\u007F') {
      this.#current()[this.#column] = character;
      this.#move(this.#row, this.#column + 1);
    }
  }

  #current(): string[] {
    const row = this.#rows[this.#row] ?? [];
    this.#rows[this.#row] = row;
    return row;
  }

  #move(row: number, column: number): void {
    this.#column = Math.min(Math.max(0, column), columns - 1);
    this.#row = Math.max(0, row);
    while (this.#rows.length <= this.#row) this.#rows.push([]);
    // What scrolled out of sight is of no more use, and a program that prints without end must not fill the memory.
    while (this.#rows.length > rows) {
      this.#rows.shift();
      this.#row -= 1;
    }
  }

  #obey(sequence: string): void {
    if (!sequence.startsWith('\u001B[')) return;
    const numbers = sequence.slice(2, -1).split(';').map(Number);
    const first = numbers[0] ?? 0;
    const count = Math.min(Math.max(1, first), columns);
    switch (sequence.at(-1) ?? '') {
      case 'A':
        return this.#move(this.#row - count, this.#column);
      case 'B':
        return this.#move(Math.min(this.#row + count, rows - 1), this.#column);
      case 'C':
        return this.#move(this.#row, this.#column + count);
      case 'D':
        return this.#move(this.#row, this.#column - count);
      case 'E':
        return this.#move(Math.min(this.#row + count, rows - 1), 0);
      case 'F':
        return this.#move(this.#row - count, 0);
      case 'G':
        return this.#move(this.#row, count - 1);
      case 'H':
      case 'f':
        return this.#move(Math.min(count, rows) - 1, Math.max(1, numbers[1] ?? 1) - 1);
      case 'J':
        return this.#eraseScreen(first);
      case 'K':
        return this.#eraseLine(first);
      default:
        return undefined;
    }
  }

  #eraseScreen(which: number): void {
    this.#eraseLine(which);
    if (which !== 0) for (let row = 0; row < this.#row; row += 1) this.#rows[row] = [];
    if (which !== 1) this.#rows.length = this.#row + 1;
  }

  #eraseLine(which: number): void {
    const row = this.#current();
    if (which === 0) row.length = Math.min(row.length, this.#column);
    else if (which === 1) row.fill(' ', 0, this.#column + 1);
    else row.length = 0;
  }
}

/** So wide that no address is broken into two lines. */
export const columns = 1000;
export const rows = 60;

const maximalSequence = 4096;

/** How long the escape sequence at `at` is; undefined when its end has not come yet. */
function sequenceLength(text: string, at: number): number | undefined {
  const rest = text.slice(at + 1, at + maximalSequence);
  // One that never ends is passed over.
  return bodyLength(rest) ?? (rest.length === maximalSequence - 1 ? 1 : undefined);
}

/** Control sequences end with a letter, texts for the terminal itself (its title) with a bell or `ESC \`, others are short. */
function bodyLength(rest: string): number | undefined {
  if (/^[\]PX^_]/.test(rest)) {
    const ends = [rest.indexOf('\u0007') + 1, rest.indexOf('\u001B\\') + 2].filter((end) => end > 1);
    return ends.length === 0 ? undefined : Math.min(...ends) + 1;
  }
  const match = /^(?:\[[0-?]*[ -/]*[@-~]|[ -/]+[0-~]|[^[ -/])/.exec(rest);
  return match === null ? undefined : match[0].length + 1;
}
