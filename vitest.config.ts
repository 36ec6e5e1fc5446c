import { defineConfig } from 'vitest/config';

// Two projects: `unit` runs anywhere in seconds, `kernel` needs root and builds real namespaces.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // setns() moves the calling thread: the process's main thread must be the one that runs the test.
          pool: 'forks',
          maxWorkers: 2,
          // After the unit tests: their worker counts differ.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
