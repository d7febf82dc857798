import * as v from 'valibot';
import type { TextPart } from '../conversation/conversation.ts';
import { fileData, imageUrl, keepsNoFiles, type ShownPart } from './shown-part.ts';
import { byKind, fields, list, refuse, text } from '../conversation/request-schema.ts';

/** The content of a user or tool message: a string or parts, as neutral parts in the client's order. */
export const mixedContent: v.GenericSchema<unknown, readonly ShownPart[]> = v.lazy((input) =>
  Array.isArray(input) ? mixedParts : lonelyText,
);

/** The content of a system or developer message: a string or text parts, one a line. */
export const instructions: v.GenericSchema<unknown, string> = v.lazy((input) =>
  Array.isArray(input) ? instructionParts : contentText,
);

/** The content of an assistant message: a string or text parts, which are pieces of one text. A refusal is text too. */
export const answerContent: v.GenericSchema<unknown, string> = v.lazy((input) =>
  Array.isArray(input) ? answerParts : contentText,
);

const contentText = v.string('must be a string or an array of parts');

const lonelyText = v.pipe(
  contentText,
  v.transform((text): TextPart[] => [{ type: 'text', text }]),
);

const plainPart = v.pipe(
  fields({ text }),
  v.transform((part) => part.text),
);

const textPart = v.pipe(
  fields({ text }),
  v.transform(({ text }): TextPart => ({ type: 'text', text })),
);

const imagePart = v.pipe(
  fields({ image_url: fields({ url: imageUrl }) }),
  v.transform((part): ShownPart => part.image_url.url),
);

const filePart = v.pipe(
  fields({ file: v.pipe(fields({ file_id: refuse(keepsNoFiles), ...fileData.entries }), fileData.read) }),
  v.transform((part) => part.file),
);

const refusalPart = v.pipe(
  fields({ refusal: text }),
  v.transform((part) => part.refusal),
);

const mixedParts = list(
  byKind<ShownPart>(
    'type',
    { text: textPart, image_url: imagePart, file: filePart },
    { input_audio: 'is not supported: Kiro takes text, pictures and documents only' },
  ),
);

const instructionParts = v.pipe(
  list(byKind('type', { text: plainPart })),
  v.transform((texts) => texts.join('\n')),
);

const answerParts = v.pipe(
  list(byKind('type', { text: plainPart, refusal: refusalPart })),
  v.transform((texts) => texts.join('')),
);
