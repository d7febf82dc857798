import { isDeepStrictEqual } from 'node:util';
import { ClientError } from '../client-error.ts';

/** What can be written into a config of any format. */
export type ConfigValue =
  | string
  | number
  | boolean
  | null
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** A step into a config: a key, or the element of a list whose member `by` is `is`, since other elements come and go. */
export type ConfigStep = string | { readonly by: string; readonly is: string };
export type ConfigPath = readonly ConfigStep[];

/** A step of a path, resolved in one document. */
export type Place = readonly (string | number)[];

export type ConfigObject = Readonly<Record<string, unknown>>;

/** A table, a map or an object; a date of TOML is none. */
export function isObject(value: unknown): value is ConfigObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The member of a table or list; undefined when there is none. */
export function childOf(value: unknown, key: string | number): unknown {
  if (isList(value)) return typeof key === 'number' ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(root: unknown, path: ConfigPath): unknown {
  return placeOf(root, path).reduce(childOf, root);
}

/** Where a path leads in a document. A list element that is not there would be appended. */
export function placeOf(root: unknown, path: ConfigPath): Place {
  let current = root;
  return path.map((step) => {
    const key = typeof step === 'string' ? step : indexOf(current, step);
    current = childOf(current, key);
    return key;
  });
}

/** How many steps of a path lead to something that is there. */
export function depthOf(root: unknown, path: ConfigPath): number {
  const place = placeOf(root, path);
  const missing = place.findIndex((_, index) => place.slice(0, index + 1).reduce(childOf, root) === undefined);
  return missing === -1 ? path.length : missing;
}

/**
 * A copy with the value at the path; what is missing on the way is made, an empty (`null`) member counts as missing.
 * @throws ClientError `config-shape` when the way leads through something that is neither table nor list
 */
export function withValue(root: unknown, path: ConfigPath, value: unknown, name = 'The file'): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'string') {
    const table = root ?? {};
    if (!isObject(table)) throw wrongShape(name);
    return { ...table, [step]: withValue(childOf(table, step), rest, value, `"${step}"`) };
  }
  const list = root ?? [];
  if (!isList(list)) throw wrongShape(name);
  const index = indexOf(list, step);
  return list.toSpliced(index, 1, withValue(list[index], rest, value, `An element of ${name}`));
}

/** A copy with the value at the place, whose parent is there. */
export function withPlace(root: unknown, place: Place, value: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return value;
  const inner = withPlace(childOf(root, key), rest, value);
  if (isList(root) && typeof key === 'number') return root.toSpliced(key, 1, inner);
  return isObject(root) ? { ...root, [key]: inner } : { [key]: inner };
}

/** A copy without what stands at the place. */
export function withoutPlace(root: unknown, place: Place): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return undefined;
  if (isList(root) && typeof key === 'number') {
    return rest.length === 0 ? root.toSpliced(key, 1) : root.with(key, withoutPlace(root[key], rest));
  }
  if (!isObject(root)) return root;
  if (rest.length > 0) return { ...root, [key]: withoutPlace(root[key], rest) };
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== key));
}

export function isEmptyContainer(value: unknown): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

export function isSame(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(left, right);
}

function indexOf(list: unknown, step: { readonly by: string; readonly is: string }): number {
  if (!isList(list)) return 0;
  const index = list.findIndex((element) => childOf(element, step.by) === step.is);
  return index === -1 ? list.length : index;
}

/** @param name what holds it, as a message can begin */
export function wrongShape(name: string): ClientError {
  return new ClientError(
    'config-shape',
    `${name} holds something else than expected there.`,
    'Mend it by hand, or take it out, then try again. The file was left as it is.',
  );
}
