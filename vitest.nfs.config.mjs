import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/nfs/**/*.nfs.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Hosts are emulated in software: two at a time are enough for two cores.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
