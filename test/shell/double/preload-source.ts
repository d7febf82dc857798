import { readFileSync } from 'node:fs';
import { createCloneCodec } from './clone.ts';
import { createBridgeEnd } from './context-bridge.ts';
import { runPreload, type WorldNames } from './isolated-world.ts';

/** The script of the page's own world: the far end of the bridge, and nothing that a page could find. */
export function mainWorldSource(names: WorldNames): string {
  return onlyInTopFrame(
    `(${String(createBridgeEnd)})(${JSON.stringify(names.toMain)}, ${JSON.stringify(names.toIsolated)});`,
  );
}

/**
 * The script of the isolated world: the preload, given its parameters as Electron gives them. Electron reads the file again for
 * each page; the double reads it once for a window.
 */
export function isolatedWorldSource(path: string | undefined, names: WorldNames, process: object): string {
  const preload = path === undefined ? '' : readFileSync(path, 'utf8');
  return onlyInTopFrame(
    `(${String(runPreload)})(function (require, process, exports, module) {\n${preload}\n}, {\n` +
      `names: ${JSON.stringify(names)}, codec: (${String(createCloneCodec)})(), path: ${JSON.stringify(path ?? '')},\n` +
      `bridge: (${String(createBridgeEnd)})(${JSON.stringify(names.toIsolated)}, ${JSON.stringify(names.toMain)}),\n` +
      `process: ${JSON.stringify(process)} });`,
  );
}

/** Without nodeIntegrationInSubFrames a preload runs in the top frame only; about:blank is a window before its first page. */
function onlyInTopFrame(source: string): string {
  return `if (window === window.top && location.href !== 'about:blank') {\n${source}\n}`;
}
