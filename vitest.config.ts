import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Ends a test that hangs, not one that is slow: machines differ by a factor of ten, and the same one at different hours. */
const HANGS_MS = 900_000;

// Four projects: `unit` needs neither root nor a Linux kernel; `kernel`, `conformance` and `console` need root and build real namespaces.
const onKernel = {
  testTimeout: HANGS_MS,
  hookTimeout: HANGS_MS,
  // setns() moves the calling thread: the process's main thread must be the one that runs the test.
  pool: 'forks',
  maxWorkers: 3,
  // After the unit tests, which keep every processor busy. These wait for packets half of their time.
  sequence: { groupOrder: 1 },
} as const;

/** The files that take minutes begin first, or one of them would run on alone at the end. */
const MINUTES_LONG = ['conformance', 'console'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ project }: TestSpecification) => MINUTES_LONG.includes(project.name);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Unit tests change no global state, so all files of a worker share its modules: to load them anew was half the cost.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: HANGS_MS, isolate: false } },
      { test: { name: 'kernel', include: ['test/kernel/**/*.test.ts'], ...onKernel } },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...onKernel } },
      // Real browsers on real labs.
      { test: { name: 'console', include: ['test/console/**/*.test.ts'], ...onKernel } },
    ],
  },
});
