import * as v from 'valibot';
import type { DocumentPart, ImagePart, TextPart } from '../conversation/conversation.ts';
import { text } from '../conversation/request-schema.ts';
import { fileOfDataUrl, imageOfDataUrl } from './data-url.ts';

/** What a client shows to a model, in a message or as a tool's result. */
export type ShownPart = TextPart | ImagePart | DocumentPart;

/** The URL of a picture. */
export const imageUrl = v.pipe(
  text,
  v.rawTransform<string, ImagePart>(({ dataset, addIssue, NEVER }) => {
    const image = imageOfDataUrl(dataset.value);
    if (typeof image !== 'string') return image;
    addIssue({ message: image });
    return NEVER;
  }),
);

interface FileMembers {
  readonly file_data: string;
  readonly filename?: string | null | undefined;
}

/** The members of a file that comes with the request, and what makes a part of them. */
export const fileData = {
  entries: { file_data: text, filename: v.nullish(text) },
  read: v.rawTransform<FileMembers, ShownPart>(({ dataset, addIssue, NEVER }) => {
    const { file_data, filename } = dataset.value;
    const part = fileOfDataUrl(file_data, filename ?? '');
    if (typeof part !== 'string') return part;
    addIssue({
      message: part,
      path: [{ type: 'object', origin: 'value', input: { ...dataset.value }, key: 'file_data', value: file_data }],
    });
    return NEVER;
  }),
};

export const keepsNoFiles = 'is not supported: Kiro Pool keeps no files';
