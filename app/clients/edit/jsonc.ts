import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { brokenAt } from './broken.ts';
import { cannotEdit, type ConfigFormat } from './config-edit.ts';
import type { EditStep } from './edit-steps.ts';
import { isList, isObject, type Place } from './config-value.ts';

/**
 * JSON with comments and trailing commas. Changes are spliced into the text at the nodes that jsonc-parser finds: its own
 * `modify` moves a comment behind the last member to the next one, and takes comments away with the member they stand before.
 */
export const jsonc: ConfigFormat = { parse: (text) => valueOf(treeOf(text)), change };

function treeOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first) throw brokenAt(text, first.offset, 'JSON', wordsOf(printParseErrorCode(first.error)));
  return tree;
}

/** `CloseBraceExpected` → `close brace expected` */
function wordsOf(code: string): string {
  return code.replaceAll(/(?<=.)([A-Z])/g, ' $1').toLowerCase();
}

/** jsonc-parser's own reader would let a member named `__proto__` become the prototype. Of twins the last one counts. */
function valueOf(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.type === 'array') return childrenOf(node).map(valueOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(childrenOf(node).map((property) => [keyOf(property), valueOf(property.children?.[1])]));
}

function change(text: string, step: EditStep): string {
  const tree = treeOf(text);
  if (step.do === 'drop') return drop(text, memberAt(tree, step.place));
  if (tree === undefined) return withRoot(text, step);
  const member = findMember(tree, step.place);
  if (member) return replace(text, member, step.value);
  const key = step.place.at(-1);
  const parent = valueNodeOf(memberAt(tree, step.place.slice(0, -1)));
  if (key === undefined) throw cannotEdit();
  return insert(text, parent, { key, value: step.value });
}

/** The first member of a file that has none, below the comments in it. */
function withRoot(text: string, { place, value }: EditStep & { do: 'put' }): string {
  const [key, ...rest] = place;
  if (key === undefined || rest.length > 0) throw cannotEdit();
  const head = text.trim() === '' ? '' : `${text.trimEnd()}\n`;
  const unit = unitOf(text);
  return `${head}{\n${unit}${JSON.stringify(key)}: ${render(value, unit, unit)}\n}\n`;
}

function replace(text: string, member: Node, value: unknown): string {
  const node = valueNodeOf(member);
  const indent = indentOf(text, member.offset);
  return splice(text, node.offset, node.offset + node.length, render(value, indent, unitOf(text)));
}

function insert(text: string, parent: Node, { key, value }: { key: string | number; value: unknown }): string {
  if (parent.type !== 'object' && parent.type !== 'array') throw cannotEdit();
  const close = parent.offset + parent.length - 1;
  const last = childrenOf(parent).at(-1);
  const lastEnd = last === undefined ? parent.offset + 1 : last.offset + last.length;
  const hasTrailingComma = last !== undefined && commaAfter(text, lastEnd) !== undefined;
  const unit = unitOf(text);
  const outer = indentOf(text, parent.offset);
  const inner = last !== undefined && startsLine(text, last.offset) ? indentOf(text, last.offset) : outer + unit;
  // Behind the comments that follow the last member: they belong to it.
  const at = text.slice(0, close).trimEnd().length;
  const name = parent.type === 'object' ? `${JSON.stringify(key)}: ` : '';
  const isClosedBelow = text.slice(at, close).includes('\n');
  const member =
    `\n${inner}${name}${render(value, inner, unit)}` +
    (hasTrailingComma ? ',' : '') +
    (isClosedBelow ? text.slice(at, close) : `\n${outer}`);
  const withMember = splice(text, at, close, member);
  return last === undefined || hasTrailingComma ? withMember : splice(withMember, lastEnd, lastEnd, ',');
}

function drop(text: string, member: Node): string {
  const end = member.offset + member.length;
  const comma = commaAfter(text, end);
  if (comma !== undefined) return cutMember(text, member.offset, comma + 1);
  const without = cutMember(text, member.offset, end);
  // It was the last one: the comma before it would be left over.
  const siblings = member.parent ? childrenOf(member.parent) : [];
  const before = siblings[siblings.indexOf(member) - 1];
  const left = before && commaAfter(text, before.offset + before.length);
  return left === undefined ? without : splice(without, left, left + 1, '');
}

/** Cuts a member, with its line if it has one for itself. */
function cutMember(text: string, start: number, end: number): string {
  if (!startsLine(text, start)) return splice(text, text.slice(0, start).trimEnd().length, end, '');
  const rest = /^[ \t]*(?:\n|$)/.exec(text.slice(end));
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (rest) return splice(text, lineStart, end + rest[0].length, '');
  const isCloseNext = /^[ \t]*[\]}]/.test(text.slice(end));
  return isCloseNext ? splice(text, Math.max(0, lineStart - 1), end, '') : splice(text, start, end, '');
}

/** The member, or the element, at a place. */
function memberAt(tree: Node | undefined, place: Place): Node {
  const member = tree && findMember(tree, place);
  if (!member) throw cannotEdit();
  return member;
}

function findMember(tree: Node, place: Place): Node | undefined {
  return place.reduce<Node | undefined>((member, key) => {
    const node = member && valueNodeOf(member);
    if (node?.type === 'array') return typeof key === 'number' ? node.children?.[key] : undefined;
    return node?.type === 'object' ? childrenOf(node).findLast((property) => keyOf(property) === key) : undefined;
  }, tree);
}

function valueNodeOf(member: Node): Node {
  return member.type === 'property' ? (member.children?.[1] ?? member) : member;
}

function childrenOf(node: Node): Node[] {
  return node.children ?? [];
}

function keyOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

/** The place of the comma that follows, with nothing but spaces and comments before it. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + 1) === ','
    ? scanner.getTokenOffset()
    : undefined;
}

function startsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

/** The white space that begins the line of an offset. */
function indentOf(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** What one level is indented by, as the first indented line has it. */
function unitOf(text: string): string {
  return /\n([ \t]+)["\]{}[]/.exec(text)?.[1] ?? '  ';
}

function splice(text: string, start: number, end: number, part: string): string {
  return text.slice(0, start) + part + text.slice(end);
}

/** JSON as people write it: what is short and flat stands on one line. */
function render(value: unknown, indent: string, unit: string): string {
  const line = onOneLine(value);
  if (line !== undefined) return line;
  const inner = indent + unit;
  const lines = isList(value)
    ? value.map((each) => inner + render(each, inner, unit))
    : Object.entries(isObject(value) ? value : {}).map(
        ([key, each]) => `${inner}${JSON.stringify(key)}: ${render(each, inner, unit)}`,
      );
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** So long may a table be on one line. */
const shortTable = 60;

/** Plain values, lists of them, and short tables of those; undefined for what takes more lines. */
function onOneLine(value: unknown): string | undefined {
  if (isList(value)) {
    if (value.some((each) => isObject(each) || isList(each))) return undefined;
    return `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value);
  if (members.length === 0) return '{}';
  if (members.some(([, each]) => isObject(each) || onOneLine(each) === undefined)) return undefined;
  const line = `{ ${members.map(([key, each]) => `${JSON.stringify(key)}: ${onOneLine(each)}`).join(', ')} }`;
  return line.length <= shortTable ? line : undefined;
}
