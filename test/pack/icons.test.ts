import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toIcns, toIco } from '../../build/icon-containers.ts';
import {
  appSizes,
  icnsSizes,
  icoSizes,
  panels,
  templateSize,
  trayIcoSizes,
  traySizes,
  trayStates,
} from '../../build/icon-set.ts';

const icons = 'build/icons';

describe('the icons', () => {
  it('are there in every size that their names say', () => {
    for (const size of appSizes) expect(pngSize(join(icons, 'app', `${size}x${size}.png`))).toBe(size);
    for (const state of trayStates) {
      for (const panel of Object.keys(panels))
        for (const size of traySizes)
          expect(pngSize(join(icons, 'tray', `tray-${state}-on-${panel}-${size}.png`))).toBe(size);
      expect(pngSize(join(icons, 'tray', `tray-${state}Template.png`))).toBe(templateSize);
      expect(pngSize(join(icons, 'tray', `tray-${state}Template@2x.png`))).toBe(2 * templateSize);
    }
  });

  it('of Windows hold every size, each a picture of that size', () => {
    expect(icoImages(readFileSync(join(icons, 'app/app.ico')))).toEqual([...icoSizes]);
    for (const name of readdirSync(join(icons, 'tray')).filter((each) => each.endsWith('.ico')))
      expect(icoImages(readFileSync(join(icons, 'tray', name)))).toEqual([...trayIcoSizes]);
  });

  it('of macOS hold every size, the large ones for fine screens too', () => {
    const images = icnsImages(readFileSync(join(icons, 'app/app.icns')));
    expect([...new Set(images.map(({ size }) => size))].toSorted((a, b) => a - b)).toEqual([...icnsSizes]);
    // 16, 32, 128, 256 and 512 points on a screen with two pixels a point.
    for (const type of ['ic11', 'ic12', 'ic13', 'ic14', 'ic10']) expect(images.map(({ type }) => type)).toContain(type);
  });

  it('of the tray are drawn in one colour, so that only their shape tells the states', () => {
    for (const state of trayStates) {
      const svg = readFileSync(join(icons, `tray-${state}.svg`), 'utf8');
      const paints = [...svg.matchAll(/(?:fill|stroke|color)="([^"]+)"/g)].map(([, paint]) => paint);
      expect(new Set(paints)).toEqual(new Set(['#000', 'none', 'currentColor']));
      expect(svg).not.toMatch(/opacity|style=/);
    }
  });
});

describe('a container of icons', () => {
  it('gives back the pictures that were put in', () => {
    const images = [16, 256].map((size) => ({ size, png: pngOf(size) }));
    expect(icoImages(toIco(images))).toEqual([16, 256]);
    expect(icnsImages(toIcns(images))).toEqual([
      { type: 'icp4', size: 16 },
      { type: 'ic08', size: 256 },
      { type: 'ic13', size: 256 },
    ]);
  });

  it('of macOS refuses a size that macOS does not know', () => {
    expect(() => toIcns([{ size: 24, png: pngOf(24) }])).toThrow('An .icns has no picture of 24 pixels.');
  });
});

/** The pixels of a square PNG, from its header. */
function pngSize(file: string): number {
  return sizeOf(readFileSync(file));
}

function sizeOf(png: Buffer): number {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001A\n');
  expect(png.readUInt32BE(20)).toBe(png.readUInt32BE(16));
  return png.readUInt32BE(16);
}

/** The head of a PNG, which is all that a container looks at. */
function pngOf(size: number): Buffer {
  const png = Buffer.alloc(24);
  png.write('\u0089PNG\r\n\u001A\n', 'latin1');
  png.writeUInt32BE(size, 16);
  png.writeUInt32BE(size, 20);
  return png;
}

/** Sizes of the pictures in an .ico, each compared with the directory's word for it. */
function icoImages(file: Buffer): number[] {
  expect([file.readUInt16LE(0), file.readUInt16LE(2)]).toEqual([0, 1]);
  return Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index;
    const offset = file.readUInt32LE(at + 12);
    const size = sizeOf(file.subarray(offset, offset + file.readUInt32LE(at + 8)));
    expect(file.readUInt8(at)).toBe(size % 256);
    return size;
  });
}

function icnsImages(file: Buffer): { type: string; size: number }[] {
  expect(file.subarray(0, 4).toString('latin1')).toBe('icns');
  expect(file.readUInt32BE(4)).toBe(file.length);
  const images: { type: string; size: number }[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    const png = file.subarray(at + 8, at + file.readUInt32BE(at + 4));
    images.push({ type: file.subarray(at, at + 4).toString('latin1'), size: sizeOf(png) });
  }
  return images;
}
