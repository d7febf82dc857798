import * as v from 'valibot';
import type { ResponseFormat } from '../conversation/conversation.ts';
import { byKind, fields, filledText, flag, jsonObject } from '../conversation/request-schema.ts';

const schemaFormat = v.pipe(
  fields({ name: filledText, schema: v.nullish(jsonObject), strict: v.nullish(flag) }),
  v.transform(({ name, schema }): ResponseFormat =>
    schema ? { type: 'json-schema', name, schema } : { type: 'json' },
  ),
);

const plainFormats = {
  text: always({ type: 'text' }),
  json_object: always({ type: 'json' }),
};

/** `response_format` of chat completions. */
export const chatFormat = byKind<ResponseFormat>('type', {
  ...plainFormats,
  json_schema: v.pipe(
    fields({ json_schema: schemaFormat }),
    v.transform((format) => format.json_schema),
  ),
});

/** `text.format` of responses. */
export const textFormat = byKind<ResponseFormat>('type', { ...plainFormats, json_schema: schemaFormat });

function always(format: ResponseFormat) {
  return v.pipe(
    fields({}),
    v.transform(() => format),
  );
}
