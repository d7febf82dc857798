import type { ImageFormat, ImagePart } from './conversation.ts';

/**
 * A picture that a client sent as base64, or a phrase that says what is wrong with it. Only the form is checked: whether the
 * bytes are such a picture is for the room that sends them on.
 */
export function imageOf(mediaType: string, base64: string): ImagePart | string {
  const format = FORMATS.get(mediaType.trim().toLowerCase());
  if (!format) return 'must hold a picture of type image/png, image/jpeg, image/gif or image/webp';
  if (!isBase64(base64)) return 'must hold the picture in standard base64';
  return { type: 'image', format, base64 };
}

/** Node skips what is not base64, so decoded bytes are missing exactly when the text has something else in it. */
export function isBase64(text: string): boolean {
  if (text === '' || text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return false;
  return Buffer.from(text, 'base64').length === Buffer.byteLength(text, 'base64');
}

const FORMATS: ReadonlyMap<string, ImageFormat> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  // Not a registered type, but sent by several clients (protocol §4.8).
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);
