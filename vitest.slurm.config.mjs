import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/slurm/**/*.slurm.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 300_000,
    maxWorkers: 4,
    hookTimeout: 300_000,
  },
});
