import { ClientError } from '../client-error.ts';
import { stepsBetween, type EditStep } from './edit-steps.ts';
import {
  depthOf,
  isEmptyContainer,
  isList,
  isObject,
  isSame,
  placeOf,
  valueAt,
  withoutPlace,
  withPlace,
  withValue,
  wrongShape,
  childOf,
  type ConfigPath,
  type ConfigValue,
} from './config-value.ts';

/** One thing that a tool is to be told. Tables are merged with what is there, lists and plain values take its place. */
export interface Setting {
  readonly path: ConfigPath;
  readonly value: ConfigValue;
}

/** One plain value that we wrote, and what was there before. */
export interface Written {
  readonly path: ConfigPath;
  readonly after: ConfigValue;
  /** Undefined when nothing was. */
  readonly before?: unknown;
  /** How many steps of the path were there before; what we made beyond is taken away when it is empty. */
  readonly depth: number;
  /** Whether the last of those was a key without a value (`models:`). */
  readonly wasNull?: boolean | undefined;
}

/** How configs of one format are read and changed. Texts come without byte order mark. */
export interface ConfigFormat {
  /**
   * The document as plain values; undefined when there is nothing in it but comments.
   * @throws ClientError `config-broken`
   */
  readonly parse: (text: string) => unknown;
  /** Makes one change where the text allows it, and leaves every other character as it is. */
  readonly change: (text: string, step: EditStep) => string;
}

/**
 * Puts settings into a document.
 * @throws ClientError `config-shape` where a table or a list would be lost for a plain value
 */
export function withSettings(root: unknown, settings: readonly Setting[]): unknown {
  return leavesOf(settings).reduce((document, { path, value }) => {
    const there = valueAt(document, path);
    if ((isObject(there) && !isObject(value)) || (isList(there) && !isList(value))) throw wrongShape(nameOf(path));
    return withValue(document, path, value);
  }, root);
}

/** What has to be remembered so that settings can be taken back from a document that they were put into. */
export function recordOf(before: unknown, settings: readonly Setting[]): Written[] {
  return leavesOf(settings).map(({ path, value }) => {
    const there = valueAt(before, path);
    const depth = depthOf(before, path);
    const wasNull = there === undefined && depth > 0 && valueAt(before, path.slice(0, depth)) === null;
    return {
      path,
      after: value,
      depth,
      ...(there === undefined ? {} : { before: there }),
      ...(wasNull ? { wasNull } : {}),
    };
  });
}

/**
 * Takes back what we wrote, and leaves what the user has changed since: each plain value for itself, so that additions inside
 * a table of ours stay as well.
 */
export function takenBack(root: unknown, written: readonly Written[]): unknown {
  // Backwards: an element of a list is found by its first member, which must go last.
  return written.toReversed().reduce<unknown>((document, { path, after, before, depth, wasNull }) => {
    if (!isSame(valueAt(document, path), after)) return document;
    if (before !== undefined) return withValue(document, path, before);
    const place = placeOf(document, path);
    let pruned = withoutPlace(document, place);
    for (let length = place.length - 1; length > depth; length -= 1) {
      const parent = place.slice(0, length);
      if (!isEmptyContainer(parent.reduce(childOf, pruned))) break;
      pruned = withoutPlace(pruned, parent);
    }
    const remains = place.slice(0, depth);
    const isBare = wasNull === true && isEmptyContainer(remains.reduce(childOf, pruned));
    return isBare ? withPlace(pruned, remains, null) : pruned;
  }, root);
}

/**
 * Changes a text so that it says what `to` says: only the places that differ are touched; byte order mark and line ends stay.
 * @throws ClientError `cannot-edit` when the outcome would not say exactly that; `config-broken`
 */
export function rewrite(text: string, to: unknown, format: ConfigFormat): string {
  const { mark, isCrLf, body } = bodyOf(text);
  const from = format.parse(body);
  const changed = stepsBetween(from ?? {}, to ?? {}).reduce((each, step) => format.change(each, step), body);
  if (!isSame(format.parse(changed) ?? {}, to ?? {})) throw cannotEdit();
  return mark + (isCrLf ? changed.replaceAll('\n', '\r\n') : changed);
}

/** Reads a config. @throws ClientError `config-broken`, `config-shape` */
export function parseConfig(text: string, format: ConfigFormat): unknown {
  const root = format.parse(bodyOf(text).body);
  if (root === undefined || isObject(root)) return root;
  throw new ClientError(
    'config-shape',
    'The file holds a single value or a list where settings are expected.',
    'Look whether it is the right file. It was left as it is.',
  );
}

/** Formats see one kind of line end: that of Windows is put back, where all lines have it. */
function bodyOf(text: string): { mark: string; isCrLf: boolean; body: string } {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const isCrLf = body.includes('\r\n') && !/(?<!\r)\n/.test(body);
  return { mark, isCrLf, body: isCrLf ? body.replaceAll('\r\n', '\n') : body };
}

export function cannotEdit(): ClientError {
  return new ClientError(
    'cannot-edit',
    'The file is written in a way that cannot be changed without a doubt.',
    'Put the settings in by hand: kiro-pool clients show NAME prints them. The file was left as it is.',
  );
}

/** Tables taken apart into what they hold, so that each value is remembered for itself. */
function leavesOf(settings: readonly Setting[]): Setting[] {
  return settings.flatMap(({ path, value }) =>
    isTable(value) && Object.keys(value).length > 0
      ? leavesOf(Object.entries(value).map(([key, inner]) => ({ path: [...path, key], value: inner })))
      : [{ path, value }],
  );
}

function nameOf(path: ConfigPath): string {
  const last = path.at(-1);
  return typeof last === 'object' ? last.is : `"${last ?? ''}"`;
}

function isTable(value: ConfigValue): value is { readonly [key: string]: ConfigValue } {
  return isObject(value);
}
