import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;
/** What Electron 45 brings. */
const node = 'node24.17';

/** A slow machine is no news of the build. */
const checks = { bundlerTimings: false };

/**
 * The desktop app: `out/main/index.js` (ESM), `out/preload/preload.cjs` (a sandboxed preload is one CommonJS file) and the
 * screens in `out/renderer`, which `serve --ui` shows in a browser, too.
 */
export default defineConfig({
  main: {
    plugins: [icons()],
    build: {
      target: node,
      // Bundled to the last package, so that the packed app has no folder of packages but the terminal's binary.
      externalizeDeps: false,
      rolldownOptions: {
        checks,
        input: { index: join(root, 'main/index.ts') },
        external: ['electron', '@lydell/node-pty', /^node:/],
      },
    },
  },
  preload: {
    build: {
      target: node,
      externalizeDeps: false,
      rolldownOptions: {
        checks,
        input: { preload: join(root, 'main/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: join(root, 'renderer'),
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      // Any browser of the last two years shows them, too.
      target: 'es2023',
      cssTarget: ['chrome128', 'firefox128', 'safari18'],
      minify: true,
      // The content security policy allows nothing inside the page and no font from a data: URL.
      assetsInlineLimit: 0,
      rolldownOptions: {
        checks,
        input: { index: join(root, 'renderer/index.html'), popover: join(root, 'renderer/popover.html') },
      },
    },
  },
});

/** Copies the icons under their own names: macOS knows a template and its double for fine screens by the end of the name. */
function icons(): Plugin {
  return {
    name: 'icons',
    writeBundle() {
      cpSync(join(root, 'build/icons/tray'), join(root, 'out/icons/tray'), { recursive: true });
      cpSync(join(root, 'build/icons/app/256x256.png'), join(root, 'out/icons/app.png'));
    },
  };
}
