import {
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  stringify,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { broken, brokenAt } from './broken.ts';
import { cannotEdit, type ConfigFormat } from './config-edit.ts';
import type { Place } from './config-value.ts';
import type { EditStep } from './edit-steps.ts';

/**
 * YAML. Changes are spliced into the text at the ranges of the parser's nodes: writing the whole document anew would change
 * quotes, indentation and the places of comments.
 */
export const yaml: ConfigFormat = { parse: read, change };

function read(text: string): unknown {
  const document = documentOf(text);
  try {
    return document?.toJS() ?? undefined;
  } catch (error) {
    // An alias without its anchor, or one that would grow without end.
    throw brokenAt(
      text,
      0,
      'YAML',
      error instanceof ReferenceError ? 'an alias leads nowhere, in the document' : 'it cannot be read',
    );
  }
}

/** Undefined for a text with nothing but comments. */
function documentOf(text: string): Document | undefined {
  // Its warnings would quote the config on standard error.
  const documents = parseAllDocuments(text, { prettyErrors: true, uniqueKeys: true, logLevel: 'error' });
  if (!Array.isArray(documents)) return undefined;
  for (const { errors } of documents) {
    const [first] = errors;
    const place = first?.linePos?.[0] ?? { line: 1, col: 1 };
    // The parser's message goes on with the line itself, which may hold a secret.
    const what = first?.message.split(' at line ')[0]?.split('\n')[0] ?? '';
    if (first) throw broken('YAML', what.charAt(0).toLowerCase() + what.slice(1), place.line, place.col);
  }
  if (documents.length > 1) throw cannotEdit();
  return documents[0];
}

function change(text: string, step: EditStep): string {
  const document = documentOf(text);
  const root = document?.contents ?? null;
  if (step.do === 'drop') return drop(text, root, step.place);
  const { place, value } = step;
  const key = place.at(-1);
  if (key === undefined) throw cannotEdit();
  const parent = place.length === 1 ? root : nodeAt(root, place.slice(0, -1));
  if (isEmpty(parent)) {
    if (place.length > 1) throw cannotEdit();
    return `${endedLine(text)}${block({ [key]: value }, '')}`;
  }
  if (!isCollection(parent)) throw cannotEdit();
  const member = memberOf(parent, key);
  return member === undefined ? insert(text, parent, key, value) : replace(text, parent, member, value);
}

function insert(text: string, parent: YAMLMap | YAMLSeq, key: string | number, value: unknown): string {
  const last = parent.items.at(-1);
  if (parent.flow === true) {
    const [, end] = last === undefined ? [0, rangeOf(parent)[0] + 1] : spanOf(last);
    const member = isMap(parent) ? `${JSON.stringify(key)}: ${JSON.stringify(value)}` : JSON.stringify(value);
    return splice(text, end, end, last === undefined ? member : `, ${member}`);
  }
  if (last === undefined) throw cannotEdit();
  const indent = isSeq(parent) ? dashIndent(text, spanOf(last)[0]) : indentOf(text, spanOf(last)[0]);
  const at = lineAfter(text, spanOf(last)[1]);
  const member = isMap(parent) ? block({ [key]: value }, indent) : block([value], indent);
  return splice(text, at, at, (at > 0 && text[at - 1] !== '\n' ? '\n' : '') + member);
}

function replace(text: string, parent: YAMLMap | YAMLSeq, member: Pair | Node, value: unknown): string {
  const node = isPair(member) ? member.value : member;
  const isBlock = parent.flow !== true && typeof value === 'object' && value !== null;
  // `models: []` and `models:` make room for a block below; an empty value has no place of its own.
  if (isPair(member) && isBlock && (isEmpty(node) || (isCollection(node) && node.items.length === 0))) {
    const [start, keyEnd] = rangeOf(member.key);
    const colon = text.indexOf(':', keyEnd) + 1;
    const rest = isCollection(node) ? text.slice(rangeOf(node)[1]) : text.slice(colon);
    const head = text.slice(0, colon);
    const comment = /^[ \t]*(?:#[^\n]*)?\n?/.exec(rest)?.[0] ?? '';
    return endedLine(head + comment) + block(value, `${indentOf(text, start)}  `) + rest.slice(comment.length);
  }
  if (!isNode(node) || !node.range) throw cannotEdit();
  return splice(text, node.range[0], endOf(node), JSON.stringify(value));
}

function drop(text: string, root: unknown, place: Place): string {
  const parent = place.length === 1 ? root : nodeAt(root, place.slice(0, -1));
  const key = place.at(-1);
  if (!isCollection(parent) || key === undefined) throw cannotEdit();
  const member = memberOf(parent, key);
  if (member === undefined) throw cannotEdit();
  const members: unknown[] = parent.items;
  const next = members[members.indexOf(member) + 1];
  const [start, end] = spanOf(member);
  if (parent.flow === true)
    return dropFromFlow(text, { start, end, next, previous: members[members.indexOf(member) - 1] });
  const from = isSeq(parent) ? text.lastIndexOf('-', start) : start;
  // The first key of a list's element shares its line with the dash.
  if (text.slice(lineStart(text, from), from).trim() !== '') {
    if (next === undefined) throw cannotEdit();
    return splice(text, from, spanOf(next)[0], '');
  }
  return splice(text, lineStart(text, from), lineAfter(text, end), '');
}

function dropFromFlow(
  text: string,
  { start, end, next, previous }: { start: number; end: number; next: unknown; previous: unknown },
): string {
  if (next !== undefined) return splice(text, start, spanOf(next)[0], '');
  return splice(text, previous === undefined ? start : spanOf(previous)[1], end, '');
}

function nodeAt(root: unknown, place: Place): unknown {
  return place.reduce((node, key) => {
    const member = isCollection(node) ? memberOf(node, key) : undefined;
    return isPair(member) ? member.value : member;
  }, root);
}

function memberOf(parent: unknown, key: string | number): Pair | Node | undefined {
  if (isMap(parent)) return parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
  const item: unknown = isSeq(parent) && typeof key === 'number' ? parent.items[key] : undefined;
  return isNode(item) ? item : undefined;
}

/** From the first character of a member to behind its last one. */
function spanOf(member: unknown): readonly [number, number] {
  if (!isPair(member)) return [rangeOf(member)[0], endOf(member)];
  const [start, keyEnd] = rangeOf(member.key);
  return [start, isNode(member.value) && member.value.range ? Math.max(keyEnd, endOf(member.value)) : keyEnd];
}

/** Of a block, behind its last member: its own range takes in the comments that follow. */
function endOf(node: unknown): number {
  const last: unknown = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  return last === undefined ? rangeOf(node)[1] : spanOf(last)[1];
}

function rangeOf(node: unknown): readonly [number, number] {
  if (!isNode(node) || !node.range) throw cannotEdit();
  return [node.range[0], node.range[1]];
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

/** Block style, two spaces a level, every line behind the indent. */
function block(value: unknown, indent: string): string {
  return stringify(value, { lineWidth: 0, indentSeq: true })
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join('\n');
}

function splice(text: string, start: number, end: number, part: string): string {
  return text.slice(0, start) + part + text.slice(end);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the next line begins; a block of text (`|`) ends at the beginning of one already. */
function lineAfter(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

function indentOf(text: string, offset: number): string {
  return ' '.repeat(offset - lineStart(text, offset));
}

function dashIndent(text: string, offset: number): string {
  return indentOf(text, text.lastIndexOf('-', offset));
}

function endedLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
