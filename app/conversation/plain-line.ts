/**
 * Text from outside as one line that can neither forge another line nor steer a terminal: without control characters, and without
 * the marks that turn the direction of what follows, by which a text reads as another one than it is.
 */
export function plainLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
}

/** A value as one line of JSON with the same promise. What JSON leaves as it is, such as the one-character CSI, is escaped. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
