import { jsonLine } from './conversation/plain-line.ts';
import { withoutTokens } from './conversation/redact.ts';

/** Severities, the least first. `debug` logs shapes and counts, never contents. */
const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** What may stand in a log line: plain values only, so that no object with a secret in it can slip in. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Writes one JSON object a line. Every string is shortened, and nothing in it can forge a line or steer a terminal. Tokens are
 * taken out as a last net: no caller hands secrets to the log, but a message from a library might quote one.
 */
export class Log {
  readonly #write: (line: string) => void;
  readonly #now: () => number;
  readonly #from: number;

  /** @param level the least severe that is written; anything unknown means `warn` */
  constructor(options: { write: (line: string) => void; now: () => number; level: string | undefined }) {
    this.#write = options.write;
    this.#now = options.now;
    const index = levels.findIndex((level) => level === options.level);
    this.#from = index === -1 ? levels.indexOf('warn') : index;
  }

  debug(event: string, fields: LogFields = {}): void {
    this.#line('debug', event, fields);
  }

  info(event: string, fields: LogFields = {}): void {
    this.#line('info', event, fields);
  }

  warn(event: string, fields: LogFields = {}): void {
    this.#line('warn', event, fields);
  }

  error(event: string, fields: LogFields = {}): void {
    this.#line('error', event, fields);
  }

  #line(level: Level, event: string, fields: LogFields): void {
    if (levels.indexOf(level) < this.#from) return;
    const short = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? withoutTokens(value).slice(0, 500) : value,
    ]);
    this.#write(
      // What every line has comes last, so that no field can stand in for it.
      jsonLine({ ...Object.fromEntries(short), at: new Date(this.#now()).toISOString(), level, event }),
    );
  }
}

/** The message of an error and of what caused it, for the log. */
export function describe(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return 'unknown';
  // A chain of causes may be a circle.
  const cause = error.cause instanceof Error && depth < 4 ? ` (${describe(error.cause, depth + 1)})` : '';
  return `${error.name}: ${error.message}${cause}`;
}
