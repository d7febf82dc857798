import type { IncomingHttpHeaders } from 'node:http';

/**
 * The session's id in the headers that coding tools send with every request of one session: OpenCode and Kilo, Claude Code,
 * Codex. A title or summary request carries the same one.
 */
const sessionHeaders = ['x-session-id', 'x-session-affinity', 'x-claude-code-session-id', 'session-id', 'thread-id'];

/** The client's own name for the session, from its headers, else undefined. */
export function sessionHintOf(headers: IncomingHttpHeaders): string | undefined {
  for (const name of sessionHeaders) {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value.slice(0, 256);
  }
  return undefined;
}
