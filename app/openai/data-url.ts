import { imageOf, isBase64 } from '../conversation/base64-image.ts';
import type { DocumentPart, ImagePart, TextPart } from '../conversation/conversation.ts';

/** Reads a picture out of a `data:` URL, or says in a phrase why it cannot. */
export function imageOfDataUrl(url: string): ImagePart | string {
  const data = dataOf(url);
  if (!data) return `must be a data: URL with the picture in base64${isData(url) ? '' : FETCHES_NOTHING}`;
  return imageOf(data.mediaType, data.base64);
}

/**
 * Reads a file out of a `data:` URL, or says in a phrase why it cannot. A PDF goes to Kiro as it is, a picture is one, and text
 * becomes text under its name.
 */
export function fileOfDataUrl(url: string, name: string): DocumentPart | ImagePart | TextPart | string {
  const data = dataOf(url);
  if (!data) return `must be a data: URL with the file in base64${isData(url) ? '' : FETCHES_NOTHING}`;
  const { mediaType, base64 } = data;
  if (mediaType.startsWith('image/')) return imageOf(mediaType, base64);
  if (!isBase64(base64)) return 'must hold the file in standard base64';
  if (mediaType === 'application/pdf') return { type: 'document', format: 'pdf', name, base64 };
  if (!mediaType.startsWith('text/') && mediaType !== 'application/json') {
    return 'must hold a file of type application/pdf, text or a picture';
  }
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return { type: 'text', text: name === '' ? text : `${name}\n${text}` };
}

const FETCHES_NOTHING = ': Kiro Pool fetches nothing for a client';

const LONGEST_HEADER = 200;

function isData(url: string): boolean {
  return url.slice(0, 5).toLowerCase() === 'data:';
}

function dataOf(url: string): { readonly mediaType: string; readonly base64: string } | undefined {
  const comma = url.indexOf(',');
  if (!isData(url) || comma < 0 || comma > LONGEST_HEADER) return undefined;
  const [mediaType = '', ...parameters] = url.slice(5, comma).split(';');
  if (parameters.at(-1)?.trim().toLowerCase() !== 'base64') return undefined;
  return { mediaType: mediaType.trim().toLowerCase(), base64: url.slice(comma + 1) };
}
