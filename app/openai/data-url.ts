import type { ImageFormat, ImagePart } from '../conversation/conversation.ts';

/**
 * Reads a picture out of a `data:` URL, or says in a phrase why it cannot. Only the form is checked: whether the bytes are
 * such a picture is for the room that sends them on.
 */
export function imageOfDataUrl(url: string): ImagePart | string {
  if (url.slice(0, 5).toLowerCase() !== 'data:') {
    return 'must be a data: URL with the picture in base64: Kiro Pool fetches nothing for a client';
  }
  const comma = url.indexOf(',');
  if (comma < 0 || comma > LONGEST_HEADER) return 'must be a data: URL with the picture in base64';
  const [mediaType = '', ...parameters] = url.slice(5, comma).toLowerCase().split(';');
  if (parameters.at(-1)?.trim() !== 'base64') return 'must be a data: URL with the picture in base64';
  const format = FORMATS.get(mediaType.trim());
  if (!format) return 'must hold a picture of type image/png, image/jpeg, image/gif or image/webp';
  const base64 = url.slice(comma + 1);
  if (!isBase64(base64)) return 'must hold the picture in standard base64';
  return { type: 'image', format, base64 };
}

const FORMATS: ReadonlyMap<string, ImageFormat> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  // Not a registered type, but sent by several clients (protocol §4.8).
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);

const LONGEST_HEADER = 200;

/** Node skips what is not base64, so decoded bytes are missing exactly when the text has something else in it. */
function isBase64(text: string): boolean {
  if (text === '' || text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return false;
  return Buffer.from(text, 'base64').length === Buffer.byteLength(text, 'base64');
}
