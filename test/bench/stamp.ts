/**
 * Times inside answers: `@` and 16 digits of microseconds on the machine's monotonic clock, which all processes share.
 * The load generator finds them in any stream by its bytes, so that it need not understand what a target writes.
 */

const mark = 0x40;
const digits = 16;

/** Microseconds on the clock that every process of this machine shares. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** `@` and 16 digits. */
export function stampOf(us: number): string {
  return `@${String(Math.round(us)).padStart(digits, '0')}`;
}

/** Calls `onStamp` with the microseconds of every whole stamp in a piece of a stream. */
export function forEachStamp(piece: Buffer, onStamp: (us: number) => void): void {
  for (let at = piece.indexOf(mark); at >= 0; at = piece.indexOf(mark, at + 1)) {
    const us = numberAt(piece, at + 1);
    if (us !== undefined) onStamp(us);
  }
}

function numberAt(piece: Buffer, start: number): number | undefined {
  if (start + digits > piece.length) return undefined;
  let value = 0;
  for (let at = start; at < start + digits; at += 1) {
    const digit = (piece[at] ?? 0) - 0x30;
    // A checksum may hold the mark's byte by chance.
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
