import { parse, patch, stringify } from '@decimalturn/toml-patch';
import type { ClientError } from '../client-error.ts';
import { broken, brokenAt } from './broken.ts';
import { cannotEdit, type ConfigFormat } from './config-edit.ts';
import { childOf, isList, isObject, withPlace, type Place } from './config-value.ts';
import type { EditStep } from './edit-steps.ts';
import { statementsOf, type Statement } from './toml-statements.ts';

/**
 * TOML, read and written by toml-patch, spliced at its statements: toml-patch alone would put a key below the comment of the
 * next table, take that comment away with it, and make all ends of lines alike.
 */
export const toml: ConfigFormat = { parse: read, change };

function read(text: string): unknown {
  try {
    return plain(parse(text));
  } catch (error) {
    throw brokenBy(error, text);
  }
}

function change(text: string, step: EditStep): string {
  if (step.do === 'drop') return drop(text, step.place);
  const { place, value } = step;
  const isThere = place.reduce(childOf, read(text)) !== undefined;
  if (isThere) return replace(text, place, value);
  return isObject(value) ? insertTable(text, place, value) : insertPair(text, place, value);
}

function replace(text: string, place: Place, value: unknown): string {
  const pair = statementsOf(text).findLast(({ kind, path }) => kind === 'pair' && isSamePlace(path, place));
  if (!pair || isObject(value)) return patched(text, place, value);
  return text.slice(0, pair.valueStart) + valueText(value) + text.slice(pair.end);
}

/** For what is written inside of one line's table. */
function patched(text: string, place: Place, value: unknown): string {
  try {
    return patch(text, withPlace(read(text), place, value));
  } catch {
    throw cannotEdit();
  }
}

/** Behind the last pair of its table; of the root, before the first table. */
function insertPair(text: string, place: Place, value: unknown): string {
  const table = place.slice(0, -1);
  const statements = statementsOf(text);
  const header = statements.findIndex(({ kind, path }) => kind === 'table' && isSamePlace(path, table));
  if (table.length > 0 && header === -1) return insertTable(text, table, { [keyOf(place)]: value });
  const section = statements.slice(header + 1);
  const size = section.findIndex(({ kind }) => kind !== 'pair');
  const last = section.slice(0, size === -1 ? section.length : size).at(-1) ?? statements[header];
  const line = pairLine(keyOf(place), value);
  if (last) return spliceLine(text, lineAfter(text, last.end), line);
  return statements.length > 0 ? line + text : spliceLine(text, text.length, line);
}

/** At the end of the document, with the tables in it below. */
function insertTable(text: string, place: Place, table: Readonly<Record<string, unknown>>): string {
  const isInline = statementsOf(text).some(
    ({ kind, path }) =>
      kind === 'pair' && path.length <= place.length && isSamePlace(path, place.slice(0, path.length)),
  );
  // The parent is written on one line: what is new goes there.
  if (isInline) return patched(text, place, table);
  const gap = text.trim() === '' ? '' : '\n';
  return spliceLine(text, text.length, gap + sections(place, table).join('\n'));
}

function sections(place: Place, table: Readonly<Record<string, unknown>>): string[] {
  const members = Object.entries(table);
  const pairs = members.filter(([, value]) => !isObject(value)).map(([key, value]) => pairLine(key, value));
  const inner = members.flatMap(([key, value]) => (isObject(value) ? sections([...place, key], value) : []));
  const header = `[${place.map(keyText).join('.')}]\n`;
  return pairs.length === 0 && inner.length > 0 ? inner : [header + pairs.join(''), ...inner];
}

/** A pair with its line, or a table with its tables; comments stay, those on the same line too. */
function drop(text: string, place: Place): string {
  const gone = statementsOf(text).filter(({ path }) => isSamePlace(path.slice(0, place.length), place));
  if (gone.length === 0) throw cannotEdit();
  return gone.toReversed().reduce(cutStatement, text);
}

function cutStatement(text: string, { kind, start, end }: Statement): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const next = lineAfter(text, end);
  const comment = text.slice(end, next).trim();
  if (comment !== '') return `${text.slice(0, lineStart)}${comment}\n${text.slice(next)}`;
  const before = text.slice(0, lineStart);
  // The blank line that set the table apart goes too.
  return (kind === 'table' ? before.replace(/(^|\n)[ \t]*\n$/, '$1') : before) + text.slice(next);
}

function isSamePlace(path: Place, place: Place): boolean {
  return path.length === place.length && path.every((part, index) => part === place[index]);
}

function keyOf(place: Place): string {
  return String(place.at(-1));
}

function keyText(key: string | number): string {
  return /^[\w-]+$/.test(String(key)) ? String(key) : JSON.stringify(String(key));
}

function valueText(value: unknown): string {
  return stringify({ x: value }).trim().slice('x = '.length);
}

function pairLine(key: string, value: unknown): string {
  return `${stringify({ [key]: value }).trim()}\n`;
}

function spliceLine(text: string, at: number, lines: string): string {
  const before = text.slice(0, at);
  return (before === '' || before.endsWith('\n') ? before : `${before}\n`) + lines + text.slice(at);
}

function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** The parser's tables have no prototype, and so would be unlike those of a document that was put together here. */
function plain(value: unknown): unknown {
  if (isList(value)) return value.map(plain);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)])) : value;
}

/** The parser's message has three lines: the place, the line itself, which may hold a secret, and what is wrong. */
function brokenBy(error: unknown, text: string): ClientError {
  // Where a text ends too early, the parser at times fails itself instead.
  if (!(error instanceof Error && 'line' in error && 'column' in error))
    return brokenAt(text, text.length, 'TOML', 'something is missing');
  const message = error.message.split('\n').at(-1) ?? '';
  return broken('TOML', message.toLowerCase(), Number(error.line), Number(error.column) + 1);
}
