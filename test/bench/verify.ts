/** Measures the cost of comparing the model with the kernel. */
import { Lab } from '../../src/lab/lab.js';
import { KernelOpinion } from '../../src/verify/kernel-opinion.js';
import { ModelOpinion } from '../../src/verify/model-opinion.js';
import type { Opinion } from '../../src/verify/opinion.js';
import { questionsFor } from '../../src/verify/questions.js';
import { verify as compare } from '../../src/verify/verify.js';
import { type Benchmark, interleave, LAB_OPTIONS, timed } from './benchmark.js';
import { webAndDatabases } from './clouds.js';
import { figure } from './figure.js';

const INSTANCES = 20;
const CELLS = 10_000;

export const verify: Benchmark = {
  name: 'verify',
  summary: 'the model against the kernel, cell by cell',
  run: async (context) => {
    const live = await Lab.up(webAndDatabases(context.labName('verify'), INSTANCES), LAB_OPTIONS);
    try {
      const every = questionsFor(live.cloud);
      const cells = Array.from({ length: CELLS }, (_, i) => every[i % every.length]).filter((q) => q !== undefined);
      const seconds = async (a: Opinion, b: Opinion) => {
        const taken = await timed(async () => {
          const { differences, unknown } = await compare(a, b, cells, { signal: context.signal });
          if (differences.length + unknown.length > 0) throw new Error('the model and the kernel disagree');
        });
        return taken / 1000;
      };
      const [kernel, model] = [() => new KernelOpinion(live), () => new ModelOpinion(live.cloud)];
      const results = await interleave(context, context.quick ? 3 : 7, {
        both: () => seconds(kernel(), model()),
        model: () => seconds(model(), model()),
      });
      return [
        figure({
          name: 'verify',
          what: `${CELLS} cells among ${INSTANCES} instances`,
          unit: 's',
          values: results.both,
          baseline: { what: 'the model, asked twice', values: results.model },
          budget: { of: 'value', bound: 'at most', limit: 5 },
        }),
      ];
    } finally {
      await live.down();
    }
  },
};
