import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../app/conversation/conversation.ts';
import { toKiroSchema } from '../../app/kiro/tool-schema.ts';
import { wildSchema } from './conversations.ts';
import { brokenSchemaRules } from './rules.ts';

const string = { type: 'string' };
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

describe('what Kiro takes (protocol §4.8)', () => {
  const own = JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}');
  it.each<[string, JsonObject, JsonObject]>([
    ['nothing', {}, object({})],
    ['a root without type', { properties: { a: string } }, object({ a: string })],
    ['a root of another type', { type: 'array', items: string }, object({})],
    [
      'keywords that it refuses',
      object(
        { a: { type: 'string', pattern: 'x', minLength: 1 } },
        { additionalProperties: false, required: [], $schema: 's' },
      ),
      object({ a: string }),
    ],
    [
      'properties called like keywords',
      object(
        { format: string, pattern: string, $ref: string, items: string, required: string },
        { required: ['format'] },
      ),
      object(
        { format: string, pattern: string, $ref: string, items: string, required: string },
        { required: ['format'] },
      ),
    ],
    [
      'properties called like members of every object',
      object(own, { required: ['constructor', 'toString'] }),
      object(own, { required: ['constructor'] }),
    ],
    [
      'required names that are not there',
      object({ a: string }, { required: ['a', 'b', 'a', 5] }),
      object({ a: string }, { required: ['a'] }),
    ],
    ['an integer', object({ a: { type: 'integer' } }), object({ a: { type: 'number' } })],
    ['a type or null', object({ a: { type: ['string', 'null'] } }), object({ a: string })],
    [
      'several types',
      object({ a: { type: ['string', 'number'], description: 'd' } }),
      object({ a: { description: 'd' } }),
    ],
    ['a union with null', object({ a: { anyOf: [string, { type: 'null' }] } }), object({ a: string })],
    [
      'oneOf',
      object({ a: { oneOf: [string, { type: 'boolean' }] } }),
      object({ a: { anyOf: [string, { type: 'boolean' }] } }),
    ],
    [
      'allOf',
      object({ a: { allOf: [object({ x: string }, { required: ['x'] }), object({ y: string })] } }),
      object({ a: object({ x: string, y: string }, { required: ['x'] }) }),
    ],
    [
      'alternatives at the root',
      { anyOf: [object({ a: string }, { required: ['a'] }), object({ b: string })] },
      object({ a: string, b: string }),
    ],
    [
      'alternatives in alternatives at the root',
      { anyOf: [{ anyOf: [object({ a: string }), object({ b: string })] }, object({ c: string })] },
      object({ a: string, b: string, c: string }),
    ],
    [
      'a root that is a reference',
      { $ref: '#/definitions/X', definitions: { X: { oneOf: [object({ a: string }), object({ b: string })] } } },
      object({ a: string, b: string }),
    ],
    [
      'a local reference',
      object(
        { a: { $ref: '#/$defs/S', description: 'mine' } },
        { $defs: { S: { type: 'string', description: 'theirs' } } },
      ),
      object({ a: { type: 'string', description: 'mine' } }),
    ],
    [
      'a reference into a list',
      object({ a: { anyOf: [string, { type: 'boolean' }] }, b: { $ref: '#/properties/a/anyOf/1' } }),
      object({ a: { anyOf: [string, { type: 'boolean' }] }, b: { type: 'boolean' } }),
    ],
    [
      'an escaped reference',
      object({ a: { $ref: '#/$defs/x~1y~0z%20w' } }, { $defs: { 'x/y~z w': string } }),
      object({ a: string }),
    ],
    [
      'a foreign, broken or inherited reference',
      object({
        a: { $ref: 'https://x' },
        b: { $ref: '#/%' },
        c: { $ref: '#/__proto__' },
        d: { $ref: '#/constructor' },
      }),
      object({ a: {}, b: {}, c: {}, d: {} }),
    ],
    [
      'a list of items',
      object({ a: { type: 'array', items: [string] }, b: { type: 'array', items: true } }),
      object({ a: { type: 'array', items: string }, b: { type: 'array', items: {} } }),
    ],
    [
      'words of the wrong type',
      object({ a: { type: 'string', description: { no: 1 }, title: 5, enum: [] } }),
      object({ a: string }),
    ],
  ])('%s', (_name, schema, wanted) => {
    expect(JSON.parse(JSON.stringify(toKiroSchema(schema)))).toEqual(wanted);
  });

  it('a schema that contains itself ends', () => {
    const tree = object(
      { left: { $ref: '#' }, right: { $ref: '#/$defs/n' } },
      { $defs: { n: object({ next: { $ref: '#/$defs/n' } }) } },
    );
    expect(brokenSchemaRules(toKiroSchema(tree))).toEqual([]);
  });

  it('references to references do not multiply without end', () => {
    const names = Array.from({ length: 30 }, (_, index) => `d${index}`);
    const $defs = Object.fromEntries(
      names.map((name, index) => [
        name,
        object({ a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } }),
      ]),
    );
    const size = JSON.stringify(toKiroSchema(object({ root: { $ref: '#/$defs/d0' } }, { $defs }))).length;
    expect(size).toBeLessThan(600_000);
  });

  it('a long text that is referred to a thousand times is not copied a thousand times', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`p${index}`, { $ref: '#/$defs/S' }]),
    );
    const schema = object(properties, { $defs: { S: { type: 'string', description: 'x'.repeat(100_000) } } });
    expect(JSON.stringify(toKiroSchema(schema)).length).toBeLessThan(400_000);
  });

  it('a very deep schema is cut, not crashed upon', () => {
    let deep: JsonObject = string;
    for (let depth = 0; depth < 2000; depth += 1) deep = object({ a: deep });
    expect(brokenSchemaRules(toKiroSchema(deep))).toEqual([]);
  });
});

it('3,000 things that look like schemas become schemas that Kiro takes, the same every time, and stay so', () => {
  fc.assert(
    fc.property(wildSchema, (schema) => {
      const once = toKiroSchema(schema);
      const broken = brokenSchemaRules(once);
      expect(broken).toEqual([]);
      const plain = JSON.parse(JSON.stringify(once));
      expect(toKiroSchema(plain)).toEqual(plain);
      expect(JSON.stringify(toKiroSchema(structuredClone(schema)))).toBe(JSON.stringify(once));
    }),
    { numRuns: 3000 },
  );
});
