import { arrayOf, isObject, objectOf, stringOf, type Json, type JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { RequestView } from './view.ts';

/** More tools than this are refused (protocol §4.8 gives 137 and more as refused). */
const MAX_TOOLS = 128;
const MAX_DESCRIPTION = 10_000;
const INVALID_TOOL_FORMAT = 'Invalid tool use format.';

/** Keywords that a tool schema may not use anywhere (protocol §4.8). Property names of the same spelling are fine. */
const FORBIDDEN_KEYWORDS: ReadonlySet<string> = new Set([
  'additionalProperties',
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contentEncoding',
  'contentMediaType',
  '$schema',
  'encrypted',
]);

/** Keywords whose value is a map of names to schemas: the names are data, not keywords. */
const MAPS = ['properties', '$defs', 'definitions'];
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SINGLE_SCHEMAS = ['items', 'not'];

/** Tool specifications (protocol §4.8). */
export const TOOL_RULES: readonly ((view: RequestView) => void)[] = [
  toolCount,
  toolShape,
  toolNameLength,
  toolNamePattern,
  toolNamesUnique,
  toolDescription,
  toolDescriptionLength,
  schemaPresent,
  schemaRootObject,
  schemaRootCombinator,
  schemaKeywords,
  schemaRequired,
];

function toolCount({ tools }: RequestView): void {
  if (tools.length > MAX_TOOLS) throw badRequest('tool-count', `${tools.length} tools`);
}

function toolShape({ tools }: RequestView): void {
  tools.forEach((tool, index) => {
    const members = Object.keys(objectOf(tool));
    const isSpecification = members.length === 1 && isObject(objectOf(tool)['toolSpecification']);
    const isCachePoint = members.length === 1 && objectOf(objectOf(tool)['cachePoint'])['type'] === 'default';
    if (!isSpecification && !isCachePoint) throw badRequest('tool-shape', `tools[${index}] is no toolSpecification`);
    const unknown = Object.keys(objectOf(objectOf(tool)['toolSpecification'])).find(
      (member) => !['name', 'description', 'inputSchema'].includes(member),
    );
    if (unknown !== undefined) throw badRequest('tool-shape', `tools[${index}] has the unknown member ${unknown}`);
  });
}

function toolNameLength(view: RequestView): void {
  for (const { name, where } of specifications(view)) {
    if (name.length > 64) throw badRequest('tool-name-length', `${where}: name of ${name.length} characters`);
  }
}

function toolNamePattern(view: RequestView): void {
  for (const { name, where } of specifications(view)) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
      throw badRequest(
        'tool-name-pattern',
        `${where}: name ${JSON.stringify(name)}`,
        'REQUEST_BODY_INVALID',
        INVALID_TOOL_FORMAT,
      );
    }
  }
}

function toolNamesUnique(view: RequestView): void {
  const seen = new Set<string>();
  for (const { name, where } of specifications(view)) {
    if (seen.has(name)) throw badRequest('tool-name-duplicate', `${where}: ${name} again`, 'TOOL_DUPLICATE');
    seen.add(name);
  }
}

function toolDescription(view: RequestView): void {
  for (const { description, where } of specifications(view)) {
    if (typeof description !== 'string' || description.trim() === '') {
      throw badRequest('tool-description', `${where}: the description is empty`);
    }
  }
}

function toolDescriptionLength(view: RequestView): void {
  for (const { description, where } of specifications(view)) {
    if (stringOf(description).length > MAX_DESCRIPTION) {
      throw badRequest(
        'tool-description-length',
        `${where}: description of ${stringOf(description).length} characters`,
      );
    }
  }
}

function schemaPresent(view: RequestView): void {
  for (const { raw, where } of specifications(view)) {
    const holder = objectOf(raw['inputSchema']);
    if (!isObject(holder['json']) || Object.keys(holder).length !== 1) {
      throw badRequest('tool-schema', `${where}: inputSchema must be {json: object}`);
    }
  }
}

function schemaRootObject(view: RequestView): void {
  for (const { schema, where } of specifications(view)) {
    if (schema['type'] !== 'object') throw badRequest('tool-schema-root', `${where}: the root's type is not object`);
  }
}

function schemaRootCombinator(view: RequestView): void {
  for (const { schema, where } of specifications(view)) {
    const combinator = ['oneOf', 'anyOf', 'allOf'].find((keyword) => schema[keyword] !== undefined);
    if (combinator !== undefined) throw badRequest('tool-schema-combinator', `${where}: ${combinator} at the root`);
  }
}

function schemaKeywords(view: RequestView): void {
  for (const { schema, where } of specifications(view)) {
    const found = findInSchemas(schema, (part) => Object.keys(part).find((keyword) => FORBIDDEN_KEYWORDS.has(keyword)));
    if (found !== undefined) {
      throw badRequest('tool-schema-keyword', `${where}: ${found}`, 'REQUEST_BODY_INVALID', INVALID_TOOL_FORMAT);
    }
  }
}

/** `required` may not be empty and names only what `properties` has (protocol §4.8). */
function schemaRequired(view: RequestView): void {
  for (const { schema, where } of specifications(view)) {
    const found = findInSchemas(schema, (part) => {
      const required = part['required'];
      if (required === undefined) return undefined;
      const names = arrayOf(required).map(stringOf);
      const unknown = names.find((name) => !(name in objectOf(part['properties'])));
      return names.length === 0 ? 'required is empty' : unknown === undefined ? undefined : `required names ${unknown}`;
    });
    if (found !== undefined) throw badRequest('tool-schema-required', `${where}: ${found}`);
  }
}

/** Walks every schema in a schema and returns the first finding. */
function findInSchemas(schema: Json | undefined, find: (part: JsonObject) => string | undefined): string | undefined {
  if (!isObject(schema)) return undefined;
  const own = find(schema);
  if (own !== undefined) return own;
  const inner = [
    ...MAPS.flatMap((keyword) => Object.values(objectOf(schema[keyword]))),
    ...SCHEMA_LISTS.flatMap((keyword) => arrayOf(schema[keyword])),
    ...SINGLE_SCHEMAS.map((keyword) => schema[keyword]),
    ...arrayOf(schema['items']),
  ];
  for (const part of inner) {
    const found = findInSchemas(part, find);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Specification {
  readonly where: string;
  readonly raw: JsonObject;
  readonly name: string;
  readonly description: Json | undefined;
  readonly schema: JsonObject;
}

function specifications(view: RequestView): Specification[] {
  return view.tools.flatMap((tool, index) => {
    const raw = objectOf(tool)['toolSpecification'];
    if (!isObject(raw)) return [];
    const schema = objectOf(objectOf(raw['inputSchema'])['json']);
    return [{ where: `tools[${index}]`, raw, name: stringOf(raw['name']), description: raw['description'], schema }];
  });
}
