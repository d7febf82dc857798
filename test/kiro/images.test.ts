import { expect, it } from 'vitest';
import { toWireImage } from '../../app/kiro/images.ts';

const wire = (bytes: string, format: 'png' | 'jpeg' | 'gif' | 'webp' = 'png'): string =>
  toWireImage({ type: 'image', format, base64: Buffer.from(bytes, 'latin1').toString('base64') }).format;

it('the bytes decide on the format, whatever the client calls it', () => {
  expect(wire('\u0089PNG\r\n\u001a\n', 'jpeg')).toBe('png');
  expect(wire('\u00ff\u00d8\u00ff\u00e0')).toBe('jpeg');
  expect(wire('GIF89a')).toBe('gif');
  expect(wire('RIFF\u0000\u0000\u0000\u0000WEBPVP8 ')).toBe('webp');
});

it.each(['', 'RIFF\u0000\u0000\u0000\u0000WAVE', '%PDF-1.4', 'BM', '<svg/>'])('%j is no picture', (bytes) => {
  expect(() => wire(bytes)).toThrow(/not a PNG, JPEG, GIF or WebP/);
});

it('one beyond ten megabytes is refused with its size', () => {
  const base64 = 'iVBORw0KGgoA'.padEnd(16 * 1024 * 1024, 'A');
  expect(() => toWireImage({ type: 'image', format: 'png', base64 })).toThrow(/12\.0 MB; Kiro takes at most 10 MB/);
});
