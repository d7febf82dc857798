import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../app/conversation/conversation.ts';
import { schemaMismatch } from '../../app/conversation/json-schema.ts';

/** keyword: schema, values that fit, and values that do not with what is said of them. */
const KEYWORDS: Readonly<Record<string, [JsonObject, JsonValue[], [JsonValue, string][]]>> = {
  'type string': [{ type: 'string' }, ['', 'a'], [[1, '$ is of type number instead of string']]],
  'type number': [{ type: 'number' }, [0, 1.5], [['1', 'type string']]],
  'type integer': [{ type: 'integer' }, [0, -3, 2.0], [[1.5, 'type number instead of integer']]],
  'type boolean': [{ type: 'boolean' }, [true, false], [[null, 'type null instead of boolean']]],
  'type null': [{ type: 'null' }, [null], [[0, 'type number']]],
  'type array': [{ type: 'array' }, [[], [1]], [[{}, 'type object instead of array']]],
  'type object': [
    { type: 'object' },
    [{}, { a: 1 }],
    [
      [[], 'type array'],
      [null, 'type null'],
    ],
  ],
  'several types': [{ type: ['string', 'null'] }, ['a', null], [[1, 'instead of string or null']]],
  'a type that is no word': [{ type: 5 }, [1, 'a'], []],
  properties: [
    { properties: { a: { type: 'string' }, constructor: { type: 'number' } } },
    [{ a: 'x' }, {}, { b: 1 }, 'no object'],
    [
      [{ a: 1 }, '$.a is of type number'],
      [{ constructor: 'x' }, '$.constructor is of type string'],
    ],
  ],
  required: [
    { required: ['a', 'toString'] },
    [{ a: null, toString: 1 }],
    [
      [{}, '$.a is missing'],
      [{ a: 1 }, '$.toString'],
    ],
  ],
  'additionalProperties false': [
    { properties: { a: {} }, additionalProperties: false },
    [{ a: 1 }, {}],
    [
      [{ a: 1, b: 2 }, '$.b is not allowed'],
      [{ toString: 1 }, '$.toString is not allowed'],
    ],
  ],
  'additionalProperties as a schema': [
    { additionalProperties: { type: 'number' } },
    [{ a: 1, b: 2 }],
    [[{ a: 'x' }, '$.a is of type string']],
  ],
  items: [{ items: { type: 'number' } }, [[], [1, 2], 'no array'], [[[1, 'x'], '$[1] is of type string']]],
  enum: [
    { enum: ['a', 1, null, { b: [1] }] },
    ['a', 1, null, { b: [1] }],
    [
      ['b', 'none of the listed'],
      [{ b: [2] }, 'none of'],
    ],
  ],
  const: [
    { const: { a: [1] } },
    [{ a: [1] }],
    [
      [{ a: [1, 2] }, 'not the one allowed value'],
      [null, 'not the one'],
    ],
  ],
  'const null': [{ const: null }, [null], [[false, 'not the one']]],
  anyOf: [
    { anyOf: [{ type: 'string' }, { properties: { a: { type: 'number' } }, required: ['a'] }] },
    ['x', { a: 1 }],
    [[{ a: 'x' }, 'fits none of the allowed forms']],
  ],
  '$ref to $defs': [
    { $defs: { name: { type: 'string' } }, items: { $ref: '#/$defs/name' } },
    [['a']],
    [[[1], '$[0] is of type number']],
  ],
  '$ref to the root': [
    { type: 'object', properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }, required: ['next'] },
    [{ next: null }, { next: { next: null } }],
    [[{ next: {} }, '$.next fits none']],
  ],
  '$ref with escapes': [
    { $defs: { 'a/b~c': { type: 'null' } }, $ref: '#/$defs/a~1b~0c' },
    [null],
    [[1, 'type number']],
  ],
  '$ref beside keywords': [
    { $defs: { s: { type: 'string' } }, $ref: '#/$defs/s', enum: ['a'] },
    ['a'],
    [['b', 'none of']],
  ],
  '$ref that leads nowhere': [{ $ref: '#/$defs/missing' }, [1, 'a'], []],
  '$ref to another document': [{ $ref: 'https://example.com/schema' }, [1, 'a'], []],
  'false schema': [{ properties: { a: false } }, [{}], [[{ a: 1 }, '$.a is not allowed']]],
  'unknown keywords': [{ minLength: 5, pattern: '^b', format: 'email' }, ['a'], []],
};

describe.each(Object.entries(KEYWORDS))('%s', (_, [schema, fitting, missing]) => {
  test.each(fitting.map((value) => ({ value })))('takes $value', ({ value }) => {
    expect(schemaMismatch(value, schema)).toBeUndefined();
  });

  test.each(missing.map(([value, says]) => ({ value, says })))('refuses $value', ({ value, says }) => {
    expect(schemaMismatch(value, schema)).toContain(says);
  });
});

describe('a schema cannot hang the engine', () => {
  test('by a reference to itself', () => {
    expect(schemaMismatch(1, { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' })).toBeUndefined();
  });

  test('by branches that double at each level', () => {
    const $defs: Record<string, JsonObject> = { d40: { type: 'string' } };
    for (let level = 0; level < 40; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { anyOf: [next, next] };
    }
    expect(schemaMismatch(1, { $defs, $ref: '#/$defs/d0' })).toBeUndefined();
  });

  test('by depth', () => {
    let value: JsonValue = 1;
    for (let depth = 0; depth < 20_000; depth += 1) value = [value];
    expect(schemaMismatch(value, { items: { $ref: '#' } })).toBeUndefined();
  });
});
