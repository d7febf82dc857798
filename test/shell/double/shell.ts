import { theMachine } from './machine.ts';
import { Doubled } from './strict.ts';

/** `shell`: what would have been opened outside of the app. */
class Shell extends Doubled implements Pick<Electron.Shell, 'openExternal' | 'openPath' | 'showItemInFolder' | 'beep'> {
  async openExternal(url: string): Promise<void> {
    if (!URL.canParse(url)) throw new Error('Invalid URL');
    theMachine().openedUrls.push(url);
  }

  async openPath(path: string): Promise<string> {
    theMachine().openedUrls.push(path);
    return '';
  }

  showItemInFolder(path: string): void {
    theMachine().openedUrls.push(path);
  }

  beep(): void {}
}

export const shell = new Shell();
