/** Measures how long a person waits for `sglab --help`. */
import { run } from '../../src/kernel/process.js';
import { type Benchmark, interleave, timed } from './benchmark.js';
import { figure } from './figure.js';

/**
 * The command as people start it; `scripts/bench` passes its path, because this file runs compiled, from another
 * folder.
 */
const SGLAB = process.env.SGLAB_COMMAND ?? 'scripts/sglab';

export const help: Benchmark = {
  name: 'help',
  summary: 'sglab --help against node doing nothing',
  run: async (context) => {
    const times = await interleave(context, context.quick ? 5 : 21, {
      help: () => timed(() => run(SGLAB, ['--help'])),
      node: () => timed(() => run(process.execPath, ['-e', '0'])),
    });
    return [
      figure({
        name: 'help',
        what: 'sglab --help',
        unit: 'ms',
        values: times.help,
        baseline: { what: 'node -e 0', values: times.node },
        budget: { of: 'value', bound: 'at most', limit: 150 },
      }),
    ];
  },
};
