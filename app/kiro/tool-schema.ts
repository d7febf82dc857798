import type { JsonObject, JsonValue } from '../conversation/conversation.ts';

/**
 * Rewrites a tool's JSON Schema into the part of JSON Schema that Kiro accepts (protocol §4.8): the root is an object, local
 * references are inlined, and keywords that Kiro answers with "Invalid tool use format." are dropped. Property names are
 * never taken for keywords: a property called `format` stays.
 *
 * Pure and deterministic, so that the same tool is the same bytes in every turn.
 */
export function toKiroSchema(schema: JsonObject): JsonObject {
  const { description, title, properties, required } = withoutAlternatives(new Sanitizer(schema).schema(schema, 0, []));
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    ...(title === undefined ? {} : { title }),
    properties: properties ?? {},
    ...(required === undefined ? {} : { required }),
  };
}

/** Kiro takes no alternatives at the root: what any of them has becomes what the object may have. */
function withoutAlternatives(root: JsonObject): JsonObject {
  let merged: JsonObject = root;
  while (Array.isArray(merged['anyOf'])) {
    const { anyOf, ...rest } = merged;
    const out: Record<string, JsonValue> = { ...rest };
    mergeInto(out, anyOf.filter(isObject));
    merged = out;
  }
  return merged;
}

/** Below this depth a schema becomes "anything": deeper ones are refused (protocol §4.8). */
const maxDepth = 32;

/** Keywords that Kiro understands and that are copied as they are, if they are what they should be. */
const copied: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map([
  ['description', isText],
  ['title', isText],
  ['enum', (value) => Array.isArray(value) && value.length > 0],
  ['const', () => true],
  ['default', () => true],
]);

/**
 * Characters of JSON that references may bring in all together. References to references multiply, and a schema that fits
 * on a page could otherwise fill the memory; beyond this a reference accepts anything.
 */
const maxInlined = 256 * 1024;

class Sanitizer {
  readonly #root: JsonObject;
  #inlineBudget = maxInlined;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** @param within references being inlined, so that a recursive schema ends */
  schema(node: JsonValue | undefined, depth: number, within: readonly string[]): JsonObject {
    if (!isObject(node) || depth > maxDepth) return {};
    const reference = node['$ref'];
    if (typeof reference === 'string') return this.#inline(node, reference, depth, within);
    const merged = this.#mergeAllOf(node, depth, within);
    const out: Record<string, JsonValue> = {};
    for (const [keyword, value] of Object.entries(merged)) {
      if (copied.get(keyword)?.(value) === true) out[keyword] = value;
      else if (keyword === 'type') {
        const type = singleType(value);
        if (type !== undefined) out['type'] = type;
      }
    }
    this.#properties(merged, out, depth, within);
    const items = merged['items'];
    if (items !== undefined) out['items'] = this.schema(Array.isArray(items) ? items[0] : items, depth + 1, within);
    this.#alternatives(merged, out, depth, within);
    return out;
  }

  #inline(node: JsonObject, reference: string, depth: number, within: readonly string[]): JsonObject {
    const target = within.includes(reference) ? undefined : this.#affordable(this.#resolve(reference));
    const { $ref: _, ...siblings } = node;
    // A recursive or foreign reference accepts anything rather than refusing the tool.
    if (!target) return this.schema(siblings, depth + 1, within);
    return this.schema({ ...target, ...siblings }, depth + 1, [...within, reference]);
  }

  #resolve(reference: string): JsonObject | undefined {
    if (reference === '#') return this.#root;
    if (!reference.startsWith('#/')) return undefined;
    let node: JsonValue | undefined = this.#root;
    for (const part of reference.slice(2).split('/')) {
      const name = decodePointer(part);
      // An array's elements are its own members too, by number.
      if (typeof node !== 'object' || node === null || name === undefined || !Object.hasOwn(node, name))
        return undefined;
      node = Array.isArray(node) ? node[Number(name)] : isObject(node) ? node[name] : undefined;
    }
    return isObject(node) ? node : undefined;
  }

  #affordable(target: JsonObject | undefined): JsonObject | undefined {
    if (target === undefined || this.#inlineBudget <= 0) return undefined;
    this.#inlineBudget -= JSON.stringify(target).length;
    return this.#inlineBudget > 0 ? target : undefined;
  }

  #properties(node: JsonObject, out: Record<string, JsonValue>, depth: number, within: readonly string[]): void {
    const properties = node['properties'];
    if (!isObject(properties)) return;
    out['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, this.schema(value, depth + 1, within)]),
    );
    const required = node['required'];
    if (!Array.isArray(required)) return;
    // Unknown and repeated names are refused, and so is an empty list.
    const known = [...new Set(required)].filter((name) => typeof name === 'string' && Object.hasOwn(properties, name));
    if (known.length > 0) out['required'] = known;
  }

  /** `anyOf` and `oneOf` stay as `anyOf` below the root; a union with null alone becomes its other half. */
  #alternatives(node: JsonObject, out: Record<string, JsonValue>, depth: number, within: readonly string[]): void {
    const alternatives = node['anyOf'] ?? node['oneOf'];
    if (!Array.isArray(alternatives)) return;
    const branches = alternatives
      .filter((branch) => !(isObject(branch) && branch['type'] === 'null'))
      .map((branch) => this.schema(branch, depth + 1, within));
    const [only] = branches;
    if (branches.length === 1 && only) mergeInto(out, [only]);
    else if (branches.length > 1) out['anyOf'] = branches;
  }

  /** `allOf` means all of them at once: their members are put together. */
  #mergeAllOf(node: JsonObject, depth: number, within: readonly string[]): JsonObject {
    const all = node['allOf'];
    if (!Array.isArray(all)) return node;
    const { allOf: _, ...rest } = node;
    const out: Record<string, JsonValue> = { ...rest };
    mergeInto(
      out,
      all.map((part) => this.schema(part, depth + 1, within)),
      { keepRequired: true },
    );
    return out;
  }
}

/**
 * Puts the members of several schemas into one. Of alternatives no property can be required any more, since each branch
 * has its own.
 */
function mergeInto(
  out: Record<string, JsonValue>,
  parts: readonly JsonObject[],
  { keepRequired = parts.length === 1 }: { keepRequired?: boolean } = {},
): void {
  for (const part of parts) {
    for (const [keyword, value] of Object.entries(part)) {
      if (keyword === 'properties' && isObject(value)) {
        const before = out['properties'];
        out['properties'] = { ...value, ...(isObject(before) ? before : {}) };
      } else if (keyword === 'required' && Array.isArray(value)) {
        const before = out['required'];
        if (keepRequired) out['required'] = [...new Set([...(Array.isArray(before) ? before : []), ...value])];
      } else if (!(keyword in out)) out[keyword] = value;
    }
  }
}

/** `["string","null"]` → `string`; `integer` → `number`, as Kiro knows it; several real types → any. */
function singleType(type: JsonValue | undefined): string | undefined {
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string' && one !== 'null');
  const [only] = types;
  if (types.length !== 1 || typeof only !== 'string') return undefined;
  return only === 'integer' ? 'number' : only;
}

function decodePointer(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}

function isText(value: JsonValue): boolean {
  return typeof value === 'string';
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
