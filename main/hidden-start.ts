import { app, net } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import { hiddenFlag } from './login-item.ts';

/** Whether the system began this start at login: no window is wanted. macOS gives no arguments, and tells itself. */
export function isHiddenStart(argv: readonly string[], platform: NodeJS.Platform): boolean {
  return argv.includes(hiddenFlag) || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
}

/** Resolves when the machine is online, or after a while: the endpoint answers without a network, too. */
export async function waitForNetwork(longestMs: number, isWaiting: () => boolean): Promise<void> {
  for (let waitedMs = 0; !net.isOnline() && isWaiting() && waitedMs < longestMs; waitedMs += lookMs)
    await sleep(lookMs);
}

const lookMs = 1_000;
