/** The engine says some meanings as the rest of a sentence; alone they are one. */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
