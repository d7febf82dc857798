import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = join(import.meta.dirname, '..');

/** The command without TypeScript to strip: `out/cli/kiro-pool.js`. What one command needs alone is a chunk of its own. */
export default defineConfig({
  root,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: join(root, 'out/cli'),
    emptyOutDir: true,
    copyPublicDir: false,
    target: 'node24',
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      input: { 'kiro-pool': join(root, 'app/cli/main.ts') },
      external: ['@lydell/node-pty', /^node:/],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
