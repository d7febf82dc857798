import type { Cdp } from './cdp.ts';

let connection: Cdp | undefined;

/** The Chromium that draws the windows; it is there once the app is ready. */
export function chromium(): Cdp {
  if (!connection) throw new Error('electron double: Chromium is not there yet');
  return connection;
}

export function setChromium(cdp: Cdp): void {
  connection = cdp;
}
