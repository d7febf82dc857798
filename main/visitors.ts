import { app } from 'electron';
import { hiddenFlag } from './login-item.ts';

/**
 * People who ask for the app while it runs or is about to: a second start, a click on the dock. Listens from the beginning, since
 * a hidden start may wait for a keychain that only they can unlock.
 */
export class Visitors {
  readonly #first = Promise.withResolvers<void>();
  #hasCome = false;
  #onVisit: () => void = () => undefined;

  constructor() {
    app.on('second-instance', (_event, argv) => {
      // On Windows the terminal's package starts our program once more as an aid when a sign-in is cut short.
      const isPerson = !argv.some((each) => each === hiddenFlag || each.includes('conpty_console_list_agent'));
      if (isPerson) this.#come();
    });
    app.on('activate', () => this.#come());
  }

  /** Whether anybody has come. */
  get hasCome(): boolean {
    return this.#hasCome;
  }

  /** Resolves when the first one comes. */
  get first(): Promise<void> {
    return this.#first.promise;
  }

  /** From now on each one is shown the app. */
  welcome(show: () => void): void {
    this.#onVisit = show;
  }

  #come(): void {
    this.#hasCome = true;
    this.#first.resolve();
    this.#onVisit();
  }
}
