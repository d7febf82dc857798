import { cannotEdit } from './config-edit.ts';

/** A statement of a TOML document: `key = value`, `[table]` or `[[list]]`. Offsets are into the text. */
export interface Statement {
  readonly kind: 'pair' | 'table' | 'element';
  /** From the root; the elements of lists of tables have no path that anybody asks for. */
  readonly path: readonly string[];
  readonly start: number;
  /** Where the value of a pair begins; the start of a header. */
  readonly valueStart: number;
  /** Behind the last character of it, before a comment on the same line. */
  readonly end: number;
}

/**
 * Where the statements of a valid document are. Comments and blank lines between them belong to none.
 * @throws ClientError `cannot-edit` at what is neither: the parser overlooks a byte order mark in the middle, say
 */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let table: readonly string[] = [];
  let at = 0;
  const behind = (sign: string, from: number): number => {
    const found = text.indexOf(sign, from);
    if (found === -1) throw cannotEdit();
    return found + 1;
  };
  while (at < text.length) {
    const blank = /^(?:[ \t\r\n]|#[^\n]*)+/.exec(text.slice(at))?.[0];
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const start = at;
    const opening = /^\[\[?/.exec(text.slice(at))?.[0] ?? '';
    const key = keyAt(text, at + opening.length);
    if (opening === '') {
      const sign = behind('=', key.end);
      const valueStart = sign + (/^[ \t]*/.exec(text.slice(sign))?.[0].length ?? 0);
      at = endOfValue(text, valueStart);
      statements.push({ kind: 'pair', path: [...table, ...key.path], start, valueStart, end: at });
    } else {
      at = behind(']', key.end) + opening.length - 1;
      table = opening === '[' ? key.path : [...key.path, '[]'];
      statements.push({ kind: opening === '[' ? 'table' : 'element', path: table, start, valueStart: start, end: at });
    }
  }
  return statements;
}

function keyAt(text: string, from: number): { path: string[]; end: number } {
  const path: string[] = [];
  let end = from;
  for (;;) {
    const part = /^[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]+)[ \t]*(\.?)/.exec(text.slice(end));
    // A valid document has a key here; going on is better than standing still.
    if (!part) return { path, end: end + 1 };
    path.push(unquoted(part[1] ?? ''));
    end += part[0].length;
    if (part[2] === '') return { path, end };
  }
}

function unquoted(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  if (!part.startsWith('"')) return part;
  try {
    return String(JSON.parse(part));
  } catch {
    // An escape that only TOML has: such a key is none of ours.
    return part;
  }
}

/** Behind the value that begins at `from`: at the end of its line, or of the lines of its list or text. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let end = from;
  for (let at = from; at < text.length;) {
    const rest = text.slice(at, at + 3);
    const quote = rest === '"""' || rest === "'''" ? rest : /^["']/.exec(rest)?.[0];
    if (quote !== undefined) {
      at = endOfText(text, at + quote.length, quote);
      end = at;
      continue;
    }
    const sign = text.charAt(at);
    if (sign === '#' || sign === '\n') {
      if (depth === 0) return end;
      at = sign === '#' ? endOfLine(text, at) : at + 1;
      continue;
    }
    if (sign === '[' || sign === '{') depth += 1;
    if (sign === ']' || sign === '}') depth -= 1;
    at += 1;
    if (sign.trim() !== '') end = at;
  }
  return end;
}

function endOfText(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && !text.startsWith(quote, at)) at += quote.startsWith('"') && text[at] === '\\' ? 2 : 1;
  // A text over lines may end in up to two quotation marks of its own.
  let end = at + quote.length;
  while (quote.length === 3 && text[end] === quote[0]) end += 1;
  return end;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}
