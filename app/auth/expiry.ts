/**
 * When an access token of a store ends, in epoch ms. Stores and peers write RFC 3339 with up to nine fraction digits, ISO,
 * or an epoch in seconds or milliseconds, as number or text (protocol §2.6).
 *
 * What cannot be read counts as ended (0): a login that has a refresh token is then refreshed first, while a NaN would
 * compare as "not near its end" for ever (trap 5).
 */
export function expiryOf(value: unknown): number {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return 0;
  const text = value.trim();
  return /^\d+(\.\d+)?$/.test(text) ? fromEpoch(Number(text)) : fromTimestamp(text);
}

/**
 * When an access token ends that an answer gave `expiresIn` seconds from `now` (epoch ms). Some identity providers send
 * the number as text; without a usable one it is the hour that is usual (protocol §2.6).
 */
export function expiryAfter(expiresIn: unknown, now: number): number {
  const seconds = typeof expiresIn === 'string' ? Number.parseFloat(expiresIn) : expiresIn;
  const isUsable = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0;
  return now + (isUsable ? seconds : 3600) * 1000;
}

/** Below this an epoch is in seconds: as milliseconds it would be a day of April 1970. */
const firstMillisecondEpoch = 1e10;

function fromEpoch(epoch: number): number {
  if (!Number.isFinite(epoch) || epoch < 0) return 0;
  return Math.trunc(epoch < firstMillisecondEpoch ? epoch * 1000 : epoch);
}

const timestamp = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-]\d\d):?(\d\d))?$/;

/** A timestamp without an offset is UTC: that is what the programs that write it mean. */
function fromTimestamp(text: string): number {
  const [, day, time, fraction = '', hours, minutes] = timestamp.exec(text) ?? [];
  if (day === undefined || time === undefined) return 0;
  const offset = hours === undefined || minutes === undefined ? 'Z' : `${hours}:${minutes}`;
  const at = Date.parse(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return Number.isFinite(at) ? at : 0;
}
