import * as v from 'valibot';
import { isBase64 } from '../conversation/base64-image.ts';
import type { DocumentPart, ImagePart, TextPart } from '../conversation/conversation.ts';
import { byKind, fields, list, text } from '../conversation/request-schema.ts';

type Shown = TextPart | ImagePart | DocumentPart;

/** A document block: a PDF goes to Kiro as it is, text becomes text under its title. */
export const documentParts: v.GenericSchema<unknown, readonly Shown[]> = v.lazy(() => documentBlock);

/** What a source holds, before the title is known. */
type Source = { readonly pdf: string } | { readonly text: string };

const base64Source = v.pipe(
  fields({ media_type: text, data: text }),
  v.rawTransform<{ media_type: string; data: string }, Source>(({ dataset, addIssue, NEVER }) => {
    const { media_type: mediaType, data } = dataset.value;
    const phrase = isBase64(data)
      ? 'must hold a document of type application/pdf or text/plain'
      : 'must hold the document in standard base64';
    if (isBase64(data) && mediaType === 'application/pdf') return { pdf: data };
    if (isBase64(data) && mediaType === 'text/plain') return { text: Buffer.from(data, 'base64').toString('utf8') };
    addIssue({ message: phrase });
    return NEVER;
  }),
);

const textSource = v.pipe(
  fields({ data: text }),
  v.transform(({ data }): Source => ({ text: data })),
);

const contentSource = v.pipe(
  fields({
    content: v.lazy((input) => (typeof input === 'string' ? text : contentTexts)),
  }),
  v.transform(({ content }): Source => ({ text: content })),
);

const contentTexts = v.pipe(
  list(byKind('type', { text: fields({ text }) }, { image: 'is not supported in a document: send it beside' })),
  v.transform((blocks) => blocks.map((block) => block.text).join('\n')),
);

const documentBlock = v.pipe(
  fields({
    source: byKind<Source>(
      'type',
      { base64: base64Source, text: textSource, content: contentSource },
      {
        url: 'must be "base64" or "text": Kiro Pool fetches nothing for a client',
        file: 'must be "base64" or "text": Kiro Pool keeps no files',
      },
    ),
    title: v.nullish(text),
    context: v.nullish(text),
  }),
  v.transform(({ source, title, context }): Shown[] => {
    const heading = [title, context].filter((words) => words !== undefined && words !== null && words !== '');
    if ('text' in source) return [{ type: 'text', text: [...heading, source.text].join('\n') }];
    const pdf: DocumentPart = { type: 'document', format: 'pdf', name: title ?? '', base64: source.pdf };
    return context ? [{ type: 'text', text: context }, pdf] : [pdf];
  }),
);
