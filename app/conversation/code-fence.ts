/**
 * Takes a Markdown code fence off an answer that is to be bare JSON, while it streams. Models put one around it although
 * told not to. White space before the answer and everything after the closing fence go too; an answer without a fence
 * passes as it is.
 */
export class CodeFence {
  #state: 'start' | 'info' | 'bare' | 'fenced' | 'closed' = 'start';
  #held = '';
  #isInString = false;
  #isEscaped = false;

  /** Returns what of the answer is certain after this fragment. */
  push(fragment: string): string {
    switch (this.#state) {
      case 'start':
        return this.#start(this.#held + fragment);
      case 'info':
        return this.#info(fragment);
      case 'bare':
        return fragment;
      case 'fenced':
        return this.#fenced(fragment);
      case 'closed':
        return '';
    }
  }

  /** Returns what was held back for a fence that never came. */
  flush(): string {
    const held = this.#state === 'info' ? FENCE + this.#held : this.#held;
    this.#held = '';
    this.#state = 'closed';
    return held;
  }

  #start(text: string): string {
    const answer = text.trimStart();
    if (answer.startsWith(FENCE)) {
      this.#state = 'info';
      this.#held = '';
      return this.#info(answer.slice(FENCE.length));
    }
    if (FENCE.startsWith(answer)) {
      this.#held = answer;
      return '';
    }
    this.#state = 'bare';
    this.#held = '';
    return answer;
  }

  /** The rest of the opening line, such as `json`; some models begin the JSON on that line. */
  #info(fragment: string): string {
    for (let index = 0; index < fragment.length; index += 1) {
      const char = fragment.charAt(index);
      if (char !== '\n' && char !== '{' && char !== '[' && char !== '"') continue;
      this.#state = 'fenced';
      this.#held = '';
      return this.#fenced(fragment.slice(char === '\n' ? index + 1 : index));
    }
    this.#held += fragment;
    return '';
  }

  /** A backtick closes the fence only outside of JSON strings, where JSON has none. */
  #fenced(fragment: string): string {
    for (let index = 0; index < fragment.length; index += 1) {
      const char = fragment.charAt(index);
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isInString) {
        if (char === '\\') this.#isEscaped = true;
        else if (char === '"') this.#isInString = false;
      } else if (char === '"') this.#isInString = true;
      else if (char === '`') {
        this.#state = 'closed';
        return fragment.slice(0, index);
      }
    }
    return fragment;
  }
}

const FENCE = '```';
