import type { OfferedTool } from './brain-types.ts';
import { arrayOf, isObject, objectOf, stringOf, type Json, type JsonObject } from './json.ts';

/** The offered tool whose name fits and whose schema has a property for every pattern. */
export function pickTool(
  tools: readonly OfferedTool[],
  name: RegExp,
  properties: readonly RegExp[],
): OfferedTool | undefined {
  return tools.find(
    (tool) => name.test(tool.name) && properties.every((pattern) => propertyLike(tool, pattern) !== undefined),
  );
}

/** The tool's property whose name fits. */
export function propertyLike(tool: OfferedTool, pattern: RegExp): string | undefined {
  return Object.keys(objectOf(tool.schema['properties'])).find((property) => pattern.test(property));
}

/** The given values plus something plausible for every other required property. */
export function fillInput(tool: OfferedTool, values: readonly (readonly [string, string])[]): JsonObject {
  const properties = objectOf(tool.schema['properties']);
  const input: Record<string, Json> = {};
  for (const [property, value] of values) input[property] = shaped(value, objectOf(properties[property]));
  for (const property of arrayOf(tool.schema['required']).map(stringOf)) {
    if (!(property in input)) input[property] = plausible(property, objectOf(properties[property]));
  }
  return input;
}

/** Some agents' shell tools take the command as an argument list. */
function shaped(value: string, schema: JsonObject): Json {
  return schema['type'] === 'array' ? ['bash', '-lc', value] : value;
}

function plausible(property: string, schema: JsonObject): Json {
  const [first] = arrayOf(schema['enum']);
  if (first !== undefined) return first;
  switch (stringOf(schema['type'])) {
    case 'boolean':
      return false;
    case 'number':
    case 'integer':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'array':
      return [];
    case 'object':
      return isObject(schema['default']) ? schema['default'] : {};
    default:
      return `Asked for by the user (${property})`;
  }
}
