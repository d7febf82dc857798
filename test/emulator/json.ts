/** A JSON value; `undefined` members vanish when written. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object as it came from outside: every member may be missing. */
export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

/** Text → value, or `undefined` when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** True for a JSON object (no array, no null). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a JSON array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The object itself, or an empty one for anything else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The array itself, or an empty one for anything else. */
export function arrayOf(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** The string itself, or '' for anything else. */
export function stringOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
