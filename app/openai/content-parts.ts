import * as v from 'valibot';
import { fields, refuse } from '../conversation/request-schema.ts';
import { said } from './said.ts';
import { fileData, imageUrl, keepsNoFiles, type ShownPart } from './shown-part.ts';

const image = v.pipe(
  fields({ image_url: fields({ url: imageUrl }) }),
  v.transform((part): ShownPart => part.image_url.url),
);

const file = v.pipe(
  fields({ file: v.pipe(fields({ file_id: refuse(keepsNoFiles), ...fileData.entries }), fileData.read) }),
  v.transform((part) => part.file),
);

/** The content of chat completions' messages. */
export const {
  shown: mixedContent,
  instructions,
  answer: answerContent,
} = said(
  ['text'],
  { image_url: image, file },
  { input_audio: 'is not supported: Kiro takes text, pictures and documents only' },
);
