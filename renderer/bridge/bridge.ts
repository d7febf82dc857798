/**
 * The way out of the screens: everything they know and do goes through here. In the desktop app the preload script put a
 * bridge on the window; in a browser the same questions go over HTTP.
 */
import { httpBridge } from './http-bridge.ts';
import type { ScreenBridge } from './screen-bridge.ts';

declare global {
  interface Window {
    readonly kiroPool?: ScreenBridge;
  }
}

export const bridge: ScreenBridge = window.kiroPool ?? httpBridge();
