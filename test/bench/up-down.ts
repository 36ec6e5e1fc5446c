/**
 * Compares the time to build and remove labs with the same objects made by a shell script, with Mininet, and by size.
 */
import { Lab } from '../../src/lab/lab.js';
import { planLab } from '../../src/lab/plan-lab.js';
import { BareLab } from './bare.js';
import { type BenchContext, type Benchmark, interleave, timed } from './benchmark.js';
import { webAndDatabases } from './clouds.js';
import { type Figure, figure, skippedFigure } from './figure.js';
import { findMininet, mininetUpDown } from './mininet.js';
import { settled } from './settle.js';

const MANY = 100;
const MOST = 400;

export const upDown: Benchmark = {
  name: 'up-down',
  summary: '100 instances up and down, against ip -batch and nft -f, and against Mininet',
  run: async (context) => [...(await againstBare(context)), await againstMininet(context)],
};

export const scale: Benchmark = {
  name: 'scale',
  summary: '400 instances up and down against 100',
  run: async (context) => {
    const few = webAndDatabases(context.labName('few'), MANY);
    const many = webAndDatabases(context.labName('many'), MOST);
    const times = await interleave(context, context.quick ? 1 : 3, {
      few: () => labUpDown(few),
      many: () => labUpDown(many),
    });
    return [
      figure({
        name: 'scale',
        what: `${MOST} instances up and down`,
        unit: 'ms',
        values: times.many,
        baseline: { what: `${MANY} instances`, values: times.few },
        budget: { of: 'ratio', bound: 'at most', limit: 4.5 },
      }),
    ];
  },
};

async function againstBare(context: BenchContext): Promise<Figure[]> {
  const cloud = webAndDatabases(context.labName('lab'), MANY);
  const bare = new BareLab(planLab({ ...cloud, name: context.labName('bare') }));
  try {
    const times = await interleave(context, context.quick ? 2 : 7, {
      lab: () => labUpDown(cloud),
      bare: () => bareUpDown(bare),
    });
    return [
      figure({
        name: 'up-down.bare',
        what: `${MANY} instances up and down`,
        unit: 'ms',
        values: times.lab,
        baseline: { what: 'ip -batch, nft -f', values: times.bare },
        budget: { of: 'ratio', bound: 'at most', limit: 2 },
      }),
    ];
  } finally {
    await bare.remove();
  }
}

async function againstMininet(context: BenchContext): Promise<Figure> {
  const [name, what] = ['up-down.mininet', `Mininet: ${MANY} hosts up and down`];
  const mininet = await findMininet();
  if (typeof mininet !== 'string') return skippedFigure(name, what, mininet.missing);
  const cloud = webAndDatabases(context.labName('lab'), MANY);
  const times = await interleave(context, context.quick ? 1 : 3, {
    lab: () => labUpDown(cloud),
    mininet: () => settled().then(() => mininetUpDown(mininet, MANY)),
  });
  return figure({
    name,
    what,
    unit: 'ms',
    values: times.mininet,
    baseline: { what: `lab of ${MANY} instances`, values: times.lab },
    budget: { of: 'ratio', bound: 'at least', limit: 5 },
  });
}

async function labUpDown(cloud: Parameters<typeof Lab.up>[0]): Promise<number> {
  await settled();
  return timed(async () => (await Lab.up(cloud, { file: null, leftovers: 'rebuild' })).down());
}

async function bareUpDown(bare: BareLab): Promise<number> {
  await settled();
  return timed(async () => {
    await bare.up();
    await bare.down();
  });
}
