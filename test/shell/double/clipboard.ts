import { theMachine } from './machine.ts';
import { requireReady } from './readiness.ts';
import { Doubled } from './strict.ts';

/** `clipboard` since Electron 44: text is read and written by promises. */
class Clipboard extends Doubled implements Pick<Electron.Clipboard, 'readText' | 'writeText' | 'clear' | 'has'> {
  async readText(): Promise<string> {
    requireReady('clipboard cannot be used');
    return theMachine().clipboardText;
  }

  async writeText(text: string): Promise<void> {
    requireReady('clipboard cannot be used');
    if (typeof text !== 'string') throw new TypeError('Error processing argument at index 0, conversion failure');
    theMachine().clipboardText = text;
  }

  clear(): void {
    theMachine().clipboardText = '';
  }

  async has(type: string): Promise<boolean> {
    return type === 'text/plain' && theMachine().clipboardText !== '';
  }
}

export const clipboard = new Clipboard();
