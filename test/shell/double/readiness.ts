/** Whether Electron is ready: the entry of the main process was evaluated to its end, and then the browser came up. */
export const readiness = { isReady: false };

/** @throws Error in Electron's words when the app is not ready */
export function requireReady(what: string): void {
  if (!readiness.isReady) throw new Error(`${what} before app is ready`);
}
