import * as v from 'valibot';
import type { TextPart } from '../../conversation/conversation.ts';
import { byKind, fields, list, refuse, text } from '../../conversation/request-schema.ts';
import { fileData, imageUrl, keepsNoFiles, type ShownPart } from '../shown-part.ts';

/** What a user or a tool says: a string or parts, as neutral parts in the client's order. */
export const shownContent: v.GenericSchema<unknown, readonly ShownPart[]> = v.lazy((input) =>
  Array.isArray(input) ? shownParts : lonelyText,
);

/** Instructions: a string or text parts, one a line. */
export const instructionContent: v.GenericSchema<unknown, string> = v.lazy((input) =>
  Array.isArray(input) ? instructionParts : contentText,
);

/** What the assistant said: a string or text parts, which are pieces of one text. A refusal is text too. */
export const answerContent: v.GenericSchema<unknown, string> = v.lazy((input) =>
  Array.isArray(input) ? answerParts : contentText,
);

const contentText = v.string('must be a string or an array of parts');

const lonelyText = v.pipe(
  contentText,
  v.transform((words): TextPart[] => [{ type: 'text', text: words }]),
);

const plainText = v.pipe(
  fields({ text }),
  v.transform((part) => part.text),
);

const textPart = v.pipe(
  plainText,
  v.transform((words): TextPart => ({ type: 'text', text: words })),
);

const imagePart = v.pipe(
  fields({ image_url: imageUrl, file_id: refuse(keepsNoFiles) }),
  v.transform((part): ShownPart => part.image_url),
);

const filePart = v.pipe(
  fields({
    file_id: refuse(keepsNoFiles),
    file_url: refuse('is not supported: Kiro Pool fetches nothing for a client'),
    ...fileData.entries,
  }),
  fileData.read,
);

const refusal = v.pipe(
  fields({ refusal: text }),
  v.transform((part) => part.refusal),
);

/** Some clients call a text by what it is in other places of the API. */
const textKinds = { input_text: textPart, output_text: textPart, text: textPart };

const plainKinds = { input_text: plainText, output_text: plainText, text: plainText };

const shownParts = list(
  byKind<ShownPart>(
    'type',
    { ...textKinds, input_image: imagePart, input_file: filePart },
    {
      input_audio: 'is not supported: Kiro takes text, pictures and documents only',
      computer_screenshot: 'is not supported: send the picture as input_image',
    },
  ),
);

const instructionParts = v.pipe(
  list(byKind('type', plainKinds)),
  v.transform((texts) => texts.join('\n')),
);

const answerParts = v.pipe(
  list(byKind('type', { ...plainKinds, refusal })),
  v.transform((texts) => texts.join('')),
);
