import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';

/** Everything that came out of the engine, by where it came out. */
export class Outcome {
  readonly #texts: { readonly where: string; readonly text: string }[] = [];

  /** Takes down a text as it is, anything else with all that can be seen of it, causes and hidden members too. */
  note(where: string, what: unknown): void {
    const text =
      typeof what === 'string'
        ? what
        : inspect(what, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null });
    this.#texts.push({ where, text });
  }

  /** Notes what the work came to: its result or its error. */
  async noteWork(where: string, work: () => unknown): Promise<void> {
    try {
      this.note(where, await work());
    } catch (error) {
      this.note(`${where} (error)`, error);
    }
  }

  /** Notes an answer with its headers. */
  async noteAnswer(where: string, answer: Response | Promise<Response>): Promise<void> {
    await this.noteWork(where, async () => {
      const { status, headers, body } = await answer;
      let text = '';
      const decoder = new TextDecoder();
      try {
        for await (const piece of body ?? []) text += decoder.decode(piece, { stream: true });
      } catch (error) {
        this.note(`${where} (break)`, error);
      }
      return `${status}\n${[...headers].map((pair) => pair.join(': ')).join('\n')}\n\n${text}`;
    });
  }

  /** Notes every file of a folder, byte for byte. */
  async noteFolder(folder: string): Promise<number> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      this.note(path, (await readFile(path)).toString('latin1'));
    }
    return files.length;
  }

  /** Where any of the secrets shows, whole or in part, as it is or in base64, hex or a URL. */
  leaks(secrets: readonly string[]): string[] {
    const needles = secrets.flatMap((secret) => needlesOf(secret));
    return this.#texts.flatMap(({ where, text }) => {
      const found = needles.find((needle) => text.includes(needle));
      return found === undefined ? [] : [`${where}: …${around(text, found)}…`];
    });
  }

  get size(): number {
    return this.#texts.reduce((sum, { text }) => sum + text.length, 0);
  }
}

/** Pieces of 20 characters: a leak that was shortened is one all the same. */
function needlesOf(secret: string): string[] {
  if (secret.length < 20) return [secret];
  // The first characters tell the kind of a token and are no secret.
  const middle = Math.floor(secret.length / 2) - 10;
  const bytes = Buffer.from(secret);
  return [
    secret.slice(16, 36),
    secret.slice(middle, middle + 20),
    secret.slice(-20),
    bytes.toString('base64').slice(24, 54),
    bytes.toString('base64url').slice(24, 54),
    bytes.toString('hex').slice(32, 72),
    bytes.toString('utf16le').slice(16, 36),
  ].filter((needle) => needle.length >= 16 && !commonToAll.has(needle));
}

/** The head of every JWT of one kind is the same. */
const commonToAll = new Set([Buffer.from('{"typ":"JWT","alg":"RS256"').toString('base64url').slice(16, 36)]);

function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 120), at + 20).replaceAll(/\s+/g, ' ');
}
