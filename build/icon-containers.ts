/** A picture of an icon: `size` pixels wide and high, as a PNG file. */
export interface IconImage {
  readonly size: number;
  readonly png: Buffer;
}

/**
 * Windows' .ico of PNG pictures, which it reads since Vista: a header, a directory, then the pictures.
 * @see https://learn.microsoft.com/windows/win32/menurc/newheader
 */
export function toIco(images: readonly IconImage[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    // One byte holds each side, so that 256 is written as 0.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/** The types of an .icns that hold a PNG, by pixels: a size and the double of the half size are the same picture twice. */
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** macOS's .icns: `icns`, the length of all, then type, length and picture of each. Sizes it has no type for are refused. */
export function toIcns(images: readonly IconImage[]): Buffer {
  const body = Buffer.concat(
    images.flatMap(({ size, png }) => {
      const types = icnsTypes[size];
      if (!types) throw new RangeError(`An .icns has no picture of ${size} pixels.`);
      return types.map((type) => chunk(type, png));
    }),
  );
  return chunk('icns', body);
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
}
