import * as v from 'valibot';
import type { ImagePart, TextPart } from '../conversation/conversation.ts';
import { imageOfDataUrl } from './data-url.ts';
import { byKind, fields, list, text } from '../conversation/request-schema.ts';

/** The content of a user or tool message: a string or parts, as neutral parts in the client's order. */
export const mixedContent: v.GenericSchema<unknown, readonly (TextPart | ImagePart)[]> = v.lazy((input) =>
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
  fields({
    image_url: fields({
      url: v.pipe(
        text,
        v.rawTransform<string, ImagePart>(({ dataset, addIssue, NEVER }) => {
          const image = imageOfDataUrl(dataset.value);
          if (typeof image !== 'string') return image;
          addIssue({ message: image });
          return NEVER;
        }),
      ),
    }),
  }),
  v.transform((part) => part.image_url.url),
);

const refusalPart = v.pipe(
  fields({ refusal: text }),
  v.transform((part) => part.refusal),
);

const NOT_SERVED = {
  input_audio: 'is not supported: Kiro takes text and pictures only',
  file: 'is not supported: Kiro takes text and pictures only',
};

const mixedParts = list(byKind<TextPart | ImagePart>('type', { text: textPart, image_url: imagePart }, NOT_SERVED));

const instructionParts = v.pipe(
  list(byKind('type', { text: plainPart })),
  v.transform((texts) => texts.join('\n')),
);

const answerParts = v.pipe(
  list(byKind('type', { text: plainPart, refusal: refusalPart })),
  v.transform((texts) => texts.join('')),
);
