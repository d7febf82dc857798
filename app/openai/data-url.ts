import { imageOf } from '../conversation/base64-image.ts';
import type { ImagePart } from '../conversation/conversation.ts';

/** Reads a picture out of a `data:` URL, or says in a phrase why it cannot. */
export function imageOfDataUrl(url: string): ImagePart | string {
  if (url.slice(0, 5).toLowerCase() !== 'data:') {
    return 'must be a data: URL with the picture in base64: Kiro Pool fetches nothing for a client';
  }
  const comma = url.indexOf(',');
  if (comma < 0 || comma > LONGEST_HEADER) return 'must be a data: URL with the picture in base64';
  const [mediaType = '', ...parameters] = url.slice(5, comma).split(';');
  if (parameters.at(-1)?.trim().toLowerCase() !== 'base64') return 'must be a data: URL with the picture in base64';
  return imageOf(mediaType, url.slice(comma + 1));
}

const LONGEST_HEADER = 200;
