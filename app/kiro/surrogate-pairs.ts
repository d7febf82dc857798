/**
 * Keeps characters whole where a text comes in fragments: JSON lets a fragment end in the first half of a surrogate pair, and
 * two halves that leave apart become two replacement characters at the client.
 */
export class WholePairs {
  #half = '';

  /** The fragment with the half that was held before it, without the half that it ends in. May be empty. */
  take(fragment: string): string {
    if (this.#half === '' && !endsInHalf(fragment)) return fragment;
    if (fragment === '') return '';
    const isOther = this.#half !== '' && startsWithHalf(fragment);
    const text = (isOther ? this.#half : this.rest()) + fragment;
    this.#half = endsInHalf(text) ? text.slice(-1) : '';
    return this.#half === '' ? text : text.slice(0, -1);
  }

  /** Called at the end: what stands for a half whose other one never came. */
  rest(): string {
    if (this.#half === '') return '';
    this.#half = '';
    return '\ufffd';
  }
}

function startsWithHalf(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff;
}

function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
