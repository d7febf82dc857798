import { Doubled } from './strict.ts';

/** `app.dock` of macOS. */
export class Dock
  extends Doubled
  implements Pick<Electron.Dock, 'hide' | 'show' | 'isVisible' | 'setBadge' | 'getBadge'>
{
  #isVisible = true;
  #badge = '';

  hide(): void {
    this.#isVisible = false;
  }

  show(): Promise<void> {
    this.#isVisible = true;
    return Promise.resolve();
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  setBadge(text: string): void {
    this.#badge = text;
  }

  getBadge(): string {
    return this.#badge;
  }
}
