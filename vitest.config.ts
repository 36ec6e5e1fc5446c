import { defineConfig } from 'vitest/config';

// Three projects: `unit` runs anywhere in seconds; `kernel` and `conformance` need root and build real namespaces.
const onKernel = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // setns() moves the calling thread: the process's main thread must be the one that runs the test.
  pool: 'forks',
  maxWorkers: 2,
} as const;

export default defineConfig({
  test: {
    projects: [
      // A property is tried hundreds of times, however busy the machine is.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
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
    ],
  },
});
