import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    sequence: { shuffle: true },
    testTimeout: 20_000,
    // Most tests wait for sockets, processes and disks: left to itself, Vitest would run one file at a time on two cores.
    maxWorkers: Math.max(3, availableParallelism()),
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: 'out/vitest.json' }]] : ['default'],
  },
});
