import { defineConfig } from 'vitest/config';

/** Ends a test that hangs, not one that is slow: machines differ by a factor of ten, and the same one at different hours. */
const HANGS_MS = 900_000;

// Four projects: `unit` needs neither root nor a Linux kernel; `kernel`, `conformance` and `console` need root and build real namespaces.
const onKernel = {
  testTimeout: HANGS_MS,
  hookTimeout: HANGS_MS,
  // setns() moves the calling thread: the process's main thread must be the one that runs the test.
  pool: 'forks',
  maxWorkers: 3,
} as const;

export default defineConfig({
  test: {
    projects: [
      // Unit tests change no global state, so all files of a worker share its modules: to load them anew was half the cost.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: HANGS_MS, isolate: false } },
      // One after the other: their worker counts differ, and each kernel test counts on its share of the machine.
      { test: { name: 'kernel', include: ['test/kernel/**/*.test.ts'], ...onKernel, sequence: { groupOrder: 1 } } },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          ...onKernel,
          sequence: { groupOrder: 2 },
        },
      },
      // Real browsers on real labs.
      { test: { name: 'console', include: ['test/console/**/*.test.ts'], ...onKernel, sequence: { groupOrder: 3 } } },
    ],
  },
});
