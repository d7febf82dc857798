import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { theMachine } from './machine.ts';
import { Doubled } from './strict.ts';

type Member =
  | 'isEmpty'
  | 'getSize'
  | 'setTemplateImage'
  | 'isTemplateImage'
  | 'toPNG'
  | 'toDataURL'
  | 'getScaleFactors';

/** A picture: its bytes, its size and where it came from. It is not decoded. */
export class NativeImage extends Doubled implements Pick<Electron.NativeImage, Member> {
  /** @internal the file, for tests */
  readonly _path: string;
  readonly #bytes: Buffer;
  #isTemplate: boolean;

  /** @internal */
  constructor(bytes: Buffer, path: string) {
    super();
    this.#bytes = bytes;
    this._path = path;
    // macOS knows a template by the end of its name; the others know none.
    this.#isTemplate = isMac() && /Template(@\dx)?\.\w+$/.test(basename(path));
  }

  static createEmpty(): NativeImage {
    return new NativeImage(Buffer.alloc(0), '');
  }

  /** A file that is not there, or no picture, gives an empty one: Electron does not throw. */
  static createFromPath(path: string): NativeImage {
    try {
      return new NativeImage(readFileSync(path), path);
    } catch {
      return NativeImage.createEmpty();
    }
  }

  static createFromBuffer(buffer: Buffer): NativeImage {
    return new NativeImage(buffer, '');
  }

  static createFromDataURL(url: string): NativeImage {
    return new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'), '');
  }

  isEmpty(): boolean {
    const { width, height } = this.getSize();
    return width === 0 || height === 0;
  }

  getSize(): Electron.Size {
    const bytes = this.#bytes;
    const isPng = bytes.length > 24 && bytes.toString('latin1', 1, 4) === 'PNG';
    if (isPng) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
    const isIco = bytes.length > 8 && bytes.readUInt32LE(0) === 0x1_00_00;
    if (isIco) return { width: bytes.readUInt8(6) || 256, height: bytes.readUInt8(7) || 256 };
    return { width: 0, height: 0 };
  }

  getScaleFactors(): number[] {
    return [1];
  }

  setTemplateImage(isTemplate: boolean): void {
    this.#isTemplate = isMac() && isTemplate;
  }

  isTemplateImage(): boolean {
    return this.#isTemplate;
  }

  toPNG(): Buffer {
    return Buffer.from(this.#bytes);
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`;
  }
}

function isMac(): boolean {
  return theMachine().options.platform === 'darwin';
}
