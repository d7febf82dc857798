import { createHash } from 'node:crypto';

/**
 * Names of tools as Kiro takes them: a letter, then letters, digits, `_` and `-`, at most 64 (protocol §4.8, trap 13). A name
 * that fits is kept; any other becomes a readable beginning plus a hash of the whole, the same in every turn.
 */
export class ToolNames {
  readonly #clientNames = new Map<string, string>();
  readonly #wireNames = new Map<string, string>();

  toWire(name: string): string {
    const known = this.#wireNames.get(name);
    if (known !== undefined) return known;
    let wire = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name) ? name : shorten(name, 'tool_');
    // Two tools must never share a name, not even when one is called what another was shortened to.
    for (let salt = 2; this.#clientNames.has(wire); salt += 1) wire = shorten(`${name}#${salt}`, 'tool_');
    this.#wireNames.set(name, wire);
    this.#clientNames.set(wire, name);
    return wire;
  }

  toClient(wireName: string): string {
    return this.#clientNames.get(wireName) ?? wireName;
  }
}

/** Ids of tool calls as Kiro takes them, each used once in a request (protocol §4.7, §4.8). */
export class ToolCallIds {
  readonly #used = new Set<string>();
  /** The last number given to each beginning, so that a client that repeats one a thousand times does not cost a million look-ups. */
  readonly #copies = new Map<string, number>();

  /** Returns the wire id for a call; a repeated id gets a number, so that a later call cannot be taken for an earlier one. */
  claim(id: string): string {
    let wire = /^[a-zA-Z0-9_-]{1,64}$/.test(id) ? id : shorten(id, 'call_');
    if (this.#used.has(wire)) {
      const stem = wire.slice(0, 56);
      let copy = this.#copies.get(stem) ?? 1;
      do {
        copy += 1;
        wire = `${stem}_${copy}`;
      } while (this.#used.has(wire));
      this.#copies.set(stem, copy);
    }
    this.#used.add(wire);
    return wire;
  }
}

function shorten(text: string, emptyPrefix: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  // Only the beginning is shown, and only it is looked at: an id may be megabytes long.
  const readable = text.slice(0, 48).replaceAll(/[^a-zA-Z0-9_-]+/g, '_');
  const start = /^[a-zA-Z]/.test(readable) ? readable : `${emptyPrefix}${readable}`;
  return `${start}_${hash}`;
}
