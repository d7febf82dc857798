import { createHash } from 'node:crypto';

/**
 * Names of tools as Kiro takes them: a letter, then letters, digits, `_` and `-`, at most 64 (protocol §4.8, trap 13). A name
 * that fits is kept; any other becomes a readable beginning plus a hash of the whole, the same in every turn.
 */
export class ToolNames {
  readonly #clientNames = new Map<string, string>();

  toWire(name: string): string {
    const wire = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name) ? name : shorten(name, 'tool_');
    if (wire !== name) this.#clientNames.set(wire, name);
    return wire;
  }

  toClient(wireName: string): string {
    return this.#clientNames.get(wireName) ?? wireName;
  }
}

/** Ids of tool calls as Kiro takes them, each used once in a request (protocol §4.7, §4.8). */
export class ToolCallIds {
  readonly #used = new Set<string>();
  /** How often each id came, so that a client that repeats one a thousand times does not cost a million look-ups. */
  readonly #copies = new Map<string, number>();

  /** Returns the wire id for a call; a repeated id gets a number, so that a later call cannot be taken for an earlier one. */
  claim(id: string): string {
    const base = /^[a-zA-Z0-9_-]{1,64}$/.test(id) ? id : shorten(id, 'call_');
    let copy = this.#copies.get(base) ?? 0;
    let wire = base;
    do {
      copy += 1;
      if (copy > 1) wire = `${base.slice(0, 56)}_${copy}`;
    } while (this.#used.has(wire));
    this.#copies.set(base, copy);
    this.#used.add(wire);
    return wire;
  }
}

function shorten(text: string, emptyPrefix: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  const readable = text.replaceAll(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 50);
  const start = /^[a-zA-Z]/.test(readable) ? readable : `${emptyPrefix}${readable}`;
  return `${start}_${hash}`;
}
