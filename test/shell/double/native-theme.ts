import { theMachine } from './machine.ts';
import { DoubledEmitter, PreventableEvent } from './strict.ts';

type Member =
  | 'themeSource'
  | 'shouldUseDarkColors'
  | 'shouldUseDarkColorsForSystemIntegratedUI'
  | 'shouldUseHighContrastColors';

/** `nativeTheme`: the theme of the system, and the one that the app wants instead. */
class NativeTheme extends DoubledEmitter implements Pick<Electron.NativeTheme, Member> {
  #source: 'system' | 'light' | 'dark' = 'system';

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError('Invalid themeSource value provided');
    if (source === this.#source) return;
    this.#source = source;
    this._tell();
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? theMachine().isSystemDark : this.#source === 'dark';
  }

  /** The panel keeps the theme of the system, whatever the app wants for its windows. */
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return theMachine().isSystemDark;
  }

  get shouldUseHighContrastColors(): boolean {
    return false;
  }

  get inForcedColorsMode(): boolean {
    return false;
  }

  get prefersReducedTransparency(): boolean {
    return false;
  }

  /** @internal */
  _tell(): void {
    this.emit('updated', new PreventableEvent({ sender: this }));
  }

  protected override get doubledEvents(): readonly string[] {
    return ['updated'];
  }
}

export const nativeTheme = new NativeTheme();
