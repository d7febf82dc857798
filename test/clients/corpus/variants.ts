/** A config as it might lie on somebody's disk. */
export interface Sample {
  readonly name: string;
  readonly text: string;
}

const ways: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with a byte order mark and CRLF', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
  ['without an end of line at its end', (text) => text.replace(/\n+$/, '')],
];

/** Each text as it is, and as other editors and systems would have saved it. */
export function variantsOf(texts: Readonly<Record<string, string>>): Sample[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    ways.map(([way, change]) => ({ name: `${name}, ${way}`, text: change(text) })),
  );
}

/** The comments of a text, which must survive everything. Texts of the corpus mark each with a number. */
export function commentsOf(text: string): string[] {
  return text.match(/note \d+/g) ?? [];
}
