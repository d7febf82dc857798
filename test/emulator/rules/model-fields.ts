import type { CatalogueModel } from '../catalogue.ts';
import { arrayOf, isObject, objectOf, type Json, type JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { RequestView } from './view.ts';

/** `additionalModelRequestFields` against the schema in the model's catalogue entry (protocol §4.9). */
export function modelFields({ body }: RequestView, model: CatalogueModel): void {
  const fields = body['additionalModelRequestFields'];
  if (fields === undefined || fields === null) return;
  const schema: Json | undefined = jsonOf(model.additionalModelRequestFieldsSchema);
  if (!isObject(schema)) {
    const message = 'additionalModelRequestFields is not supported for this model';
    throw badRequest('model-fields-unsupported', `${model.modelId} has no schema`, 'REQUEST_BODY_INVALID', message);
  }
  const problem = mismatch(fields, schema, 'additionalModelRequestFields');
  if (problem !== undefined) throw badRequest('model-fields-schema', problem);
}

/** The small part of JSON Schema that the catalogue uses. Returns what is wrong, or `undefined`. */
function mismatch(value: Json, schema: JsonObject, where: string): string | undefined {
  if (schema['type'] === 'object') {
    if (!isObject(value)) return `${where} must be an object`;
    const properties = objectOf(schema['properties']);
    for (const [member, inner] of Object.entries(value)) {
      // Inner objects of the catalogue do not say additionalProperties:false; a member they lack is refused all the same.
      const rule = properties[member];
      if (!isObject(rule)) return `${where} has the unknown member ${member}`;
      if (inner === undefined) continue;
      const problem = mismatch(inner, rule, `${where}.${member}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (schema['type'] === 'integer') {
    const { minimum, maximum } = schema;
    if (typeof value !== 'number' || !Number.isInteger(value)) return `${where} must be an integer`;
    if (typeof minimum === 'number' && value < minimum) return `${where} is below ${minimum}`;
    return typeof maximum === 'number' && value > maximum ? `${where} is above ${maximum}` : undefined;
  }
  if (typeof value !== 'string') return `${where} must be a string`;
  const allowed = arrayOf(schema['enum']);
  return allowed.length > 0 && !allowed.includes(value) ? `${where} may not be ${value}` : undefined;
}

function jsonOf(schema: object | undefined): Json | undefined {
  if (schema === undefined) return undefined;
  const copy: Json = JSON.parse(JSON.stringify(schema));
  return copy;
}
