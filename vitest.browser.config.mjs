import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    pool: 'forks',
    testTimeout: 600_000,
    hookTimeout: 300_000,
    globalSetup: ['test/global-setup.ts'],
  },
});
