import type { JsonObject, JsonValue } from './conversation.ts';

/**
 * Says where a value misses a JSON Schema, or undefined when it fits. Knows the keywords that shape a value in OpenAI's
 * strict structured outputs: type, properties, required, additionalProperties, items, enum, const, anyOf, and $ref within
 * the document. Other keywords, and references that lead nowhere, ask nothing.
 *
 * Work is bounded: a schema that keeps branching is given up on and the value counts as fitting.
 */
export function schemaMismatch(value: JsonValue, schema: JsonObject): string | undefined {
  return new Check(schema).mismatch(value, schema, '$', 0);
}

const MAX_STEPS = 1_000_000;
const MAX_DEPTH = 500;

class Check {
  readonly #root: JsonObject;
  #steps = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** @param at the value's place, as `$.list[2].name` */
  mismatch(value: JsonValue, schema: JsonValue | undefined, at: string, depth: number): string | undefined {
    this.#steps += 1;
    if (schema === false) return `${at} is not allowed`;
    if (!isObject(schema) || this.#steps > MAX_STEPS || depth > MAX_DEPTH) return undefined;
    return (
      this.#reference(value, schema['$ref'], at, depth) ??
      wrongType(value, schema['type'], at) ??
      notListed(value, schema, at) ??
      this.#noneOf(value, schema['anyOf'], at, depth) ??
      this.#members(value, schema, at, depth) ??
      this.#elements(value, schema['items'], at, depth)
    );
  }

  #reference(value: JsonValue, ref: JsonValue | undefined, at: string, depth: number): string | undefined {
    if (typeof ref !== 'string') return undefined;
    return this.mismatch(value, this.#resolve(ref), at, depth + 1);
  }

  /** A JSON pointer within this document, such as `#/$defs/node`. */
  #resolve(ref: string): JsonValue | undefined {
    if (!ref.startsWith('#')) return undefined;
    let target: JsonValue | undefined = this.#root;
    for (const part of ref.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (isArray(target)) target = target[Number(key)];
      else if (isObject(target)) target = own(target, key);
      else return undefined;
    }
    return target;
  }

  #noneOf(value: JsonValue, choices: JsonValue | undefined, at: string, depth: number): string | undefined {
    if (!isArray(choices)) return undefined;
    for (const choice of choices) {
      if (this.mismatch(value, choice, at, depth + 1) === undefined) return undefined;
    }
    return `${at} fits none of the allowed forms`;
  }

  #members(value: JsonValue, schema: JsonObject, at: string, depth: number): string | undefined {
    if (!isObject(value)) return undefined;
    const required = schema['required'];
    if (isArray(required)) {
      for (const key of required) {
        if (typeof key === 'string' && !Object.hasOwn(value, key)) return `${at}.${key} is missing`;
      }
    }
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    for (const [key, member] of Object.entries(value)) {
      const found = this.mismatch(
        member,
        Object.hasOwn(properties, key) ? properties[key] : schema['additionalProperties'],
        `${at}.${key}`,
        depth + 1,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #elements(value: JsonValue, items: JsonValue | undefined, at: string, depth: number): string | undefined {
    if (!isArray(value) || items === undefined) return undefined;
    for (const [index, element] of value.entries()) {
      const found = this.mismatch(element, items, `${at}[${index}]`, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function wrongType(value: JsonValue, type: JsonValue | undefined, at: string): string | undefined {
  if (type === undefined) return undefined;
  const types = (isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  if (types.length === 0) return undefined;
  const actual = typeOf(value);
  const isAllowed = types.some(
    (name) => name === actual || (name === 'integer' && typeof value === 'number' && Number.isInteger(value)),
  );
  return isAllowed ? undefined : `${at} is of type ${actual} instead of ${types.join(' or ')}`;
}

function notListed(value: JsonValue, schema: JsonObject, at: string): string | undefined {
  const listed = schema['enum'];
  if (isArray(listed) && !listed.some((entry) => isEqual(entry, value))) return `${at} is none of the listed values`;
  const constant = schema['const'];
  if (constant !== undefined && !isEqual(constant, value)) return `${at} is not the one allowed value`;
  return undefined;
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}

function isEqual(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  if (isArray(left) && isArray(right)) {
    return left.length === right.length && left.every((element, index) => isEqual(element, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]));
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
