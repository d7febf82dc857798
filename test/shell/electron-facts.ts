/**
 * `node test/shell/electron-facts.ts`: writes docs/electron-facts.md, the facts that the double of Electron is held to, with
 * where Electron says each. A test checks that the file is current.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allFacts } from './facts/all-facts.ts';

export const factsFile = join(import.meta.dirname, '../../docs/electron-facts.md');

/** The whole file, from the list that the specs run. */
export function factsText(): string {
  const count = Object.values(allFacts).flat().length;
  const tables = Object.entries(allFacts).map(([about, facts]) => {
    const rows = facts.map(
      ({ says, source, isOfDouble }) =>
        `| ${says} | [${nameOf(source)}](${source}) | ${isOfDouble ? 'double' : 'both'} |`,
    );
    return [`## ${about}`, '', '| fact | source | asked of |', '| --- | --- | --- |', ...rows].join('\n');
  });
  return [intro(count), ...tables, limits, ''].join('\n\n');
}

const intro = (count: number): string =>
  `# What the shell takes for granted about Electron

${count} facts, each with where Electron says so. \`npm run test:shell\` asks all of them of the double in \`test/shell/double\`;
\`npm run test:electron\` asks those marked *both* of a real Electron. The others need a state that nobody can bring a real one into.
This file is written by \`node test/shell/electron-facts.ts\` from the list that is run.`;

const limits = `## What the double does not show

A green \`test:shell\` is no test in Electron. Real in it are the built main process, preload and screens, Chromium with its isolated
worlds, content security policy, layout and accessibility tree, and every socket, file and timer of the engine. By contract only, and
held to the facts above, are messages, the bridge, schemes, sessions, the app's life, menus, the tray, the keychain, dialogs, power,
login items and notifications. Not shown at all:

- how a tray icon, a menu, a notification or a dialog looks, and whether the desktop has a tray (D-Bus, StatusNotifierItem)
- the system's keychain, its prompts, and signing
- the window manager: focus is what the app last asked for, a hidden window's page still counts as visible, Wayland and X11 differ
- pages are at \`https://<host>.<scheme>.electron-double.test\` for themselves; only the main process sees \`app://\`, and a link that
  is written out with \`app://\` leads nowhere
- frames inside a page have no preload and no messages; no \`sendSync\`, ports, \`webFrame\`, \`webview\` or second session
- \`beforeunload\`, and an uncaught error of the main process: it ends the double, where Electron shows a box and goes on
- permissions are asked of the app's handlers by the test; the page's own request is answered by Chromium
- the operating system's sandbox, fuses, reads from the archive and its integrity, crash reports, the updater, the GPU
- Electron's own patches of V8 and Node`;

/** The file or page, without what all of them share. */
function nameOf(source: string): string {
  return source
    .replace('https://www.electronjs.org/docs/latest/', '')
    .replace(/^https:\/\/github\.com\/electron\/electron\/(blob\/[^/]+\/)?/, '')
    .replace('https://source.chromium.org/chromium/chromium/src/+/main:', '');
}

if (import.meta.main) await writeFile(factsFile, factsText());
