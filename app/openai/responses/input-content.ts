import * as v from 'valibot';
import { fields, refuse } from '../../conversation/request-schema.ts';
import { said } from '../said.ts';
import { fileData, imageUrl, keepsNoFiles, type ShownPart } from '../shown-part.ts';

const image = v.pipe(
  fields({ image_url: imageUrl, file_id: refuse(keepsNoFiles) }),
  v.transform((part): ShownPart => part.image_url),
);

const file = v.pipe(
  fields({
    file_id: refuse(keepsNoFiles),
    file_url: refuse('is not supported: Kiro Pool fetches nothing for a client'),
    ...fileData.entries,
  }),
  fileData.read,
);

/** The content of responses' items. Some clients call a text by what it is in other places of the API. */
export const {
  shown: shownContent,
  instructions: instructionContent,
  answer: answerContent,
} = said(
  ['input_text', 'output_text', 'text'],
  { input_image: image, input_file: file },
  {
    input_audio: 'is not supported: Kiro takes text, pictures and documents only',
    computer_screenshot: 'is not supported: send the picture as input_image',
  },
);
