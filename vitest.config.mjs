import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests that load TensorFlow or start the real command need a process of their own.
    pool: 'forks',
    // As many files at a time as there are cores, two at most: some start many processes of their own.
    maxWorkers: Math.min(2, availableParallelism()),
    // What hangs, and not what is slow: machines have other things to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    globalSetup: ['test/global-setup.ts'],
  },
});
