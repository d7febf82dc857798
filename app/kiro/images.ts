import type { ImageFormat, ImagePart } from '../conversation/conversation.ts';
import { TurnError } from '../conversation/turn-error.ts';

/** A picture as Kiro takes it (protocol §4.5). */
export interface WireImage {
  readonly format: ImageFormat;
  readonly source: { readonly bytes: string };
}

/** How many pictures one request may carry; the official client's limit (protocol §4.8). */
export const maxImages = 10;
const maxBytes = 10 * 1024 * 1024;

/**
 * Clients name formats wrongly (`image/jpg`, a PNG called JPEG) and Kiro compares with the picture's first bytes, so those
 * bytes decide.
 * @throws TurnError `invalid-request` when it is none of the four formats or larger than Kiro takes
 */
export function toWireImage(image: ImagePart): WireImage {
  const size = Math.floor((image.base64.length * 3) / 4);
  if (size > maxBytes) {
    throw new TurnError('invalid-request', `An image has ${megabytes(size)} MB; Kiro takes at most 10 MB.`, {
      param: 'messages',
    });
  }
  const format = formatOf(Buffer.from(image.base64.slice(0, 24), 'base64'));
  if (!format) {
    throw new TurnError('invalid-request', 'An image is not a PNG, JPEG, GIF or WebP file.', { param: 'messages' });
  }
  return { format, source: { bytes: image.base64 } };
}

function formatOf(start: Buffer): ImageFormat | undefined {
  const ascii = start.toString('latin1');
  if (ascii.startsWith('\u0089PNG')) return 'png';
  if (ascii.startsWith('\u00ff\u00d8\u00ff')) return 'jpeg';
  if (ascii.startsWith('GIF8')) return 'gif';
  if (ascii.startsWith('RIFF') && ascii.startsWith('WEBP', 8)) return 'webp';
  return undefined;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
