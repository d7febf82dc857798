import { Doubled } from './strict.ts';

/** `app.commandLine`: Chromium's switches, which the double keeps and does not act on. */
export class CommandLine extends Doubled implements Electron.CommandLine {
  readonly #switches = new Map<string, string>();

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name, value);
  }

  appendArgument(value: string): void {
    this.#switches.set(value, '');
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }

  removeSwitch(name: string): void {
    this.#switches.delete(name);
  }
}
