/** `scripts/bench`: measures sglab against its budgets on this machine, in this hour. */
import os from 'node:os';
import { Command } from 'commander';
import { formatError } from '../../src/cli/report/error.js';
import { toJson } from '../../src/cli/report/json.js';
import { styleFor, widthOf } from '../../src/cli/report/style.js';
import { EXIT, SglabError } from '../../src/errors.js';
import { loadBridgeFilter, requireHost } from '../../src/kernel/require-host.js';
import { api } from './api.js';
import { authorize } from './authorize.js';
import type { BenchContext, Benchmark } from './benchmark.js';
import { consolePage } from './console.js';
import type { Figure } from './figure.js';
import { help } from './help.js';
import { labNames, removeLeftovers } from './leftovers.js';
import { probes } from './probes.js';
import { formatFigures } from './report.js';
import { rules } from './rules.js';
import { throughput } from './throughput.js';
import { scale, upDown } from './up-down.js';
import { validate } from './validate.js';
import { verify } from './verify.js';

const BENCHMARKS: readonly Benchmark[] = [
  upDown,
  scale,
  probes,
  rules,
  throughput,
  authorize,
  api,
  consolePage,
  verify,
  validate,
  help,
];

const program = new Command('scripts/bench')
  .description('Measures sglab against its baselines, both in the same run and in turn; quotes medians (min–max).')
  .argument('[name...]', 'what to measure; everything without it')
  .option('--quick', 'fewer and shorter rounds')
  .option('--json', 'one JSON document on stdout')
  .addHelpText(
    'after',
    `\nNames:\n${BENCHMARKS.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}`).join('\n')}`,
  )
  .action(main);

async function main(names: string[], { quick = false, json = false }: { quick?: boolean; json?: boolean }) {
  const chosen = choose(names);
  requireHost();
  await loadBridgeFilter();
  await removeLeftovers();
  const { signal, release } = abortOnSignals();
  const style = styleFor(process.stderr);
  const figures: Figure[] = [];
  try {
    for (const benchmark of chosen) {
      const progress = (text: string) => process.stderr.write(`${style.dim(`${benchmark.name}: ${text}`)}\n`);
      const context: BenchContext = { quick, signal, labName: labNames(), progress };
      progress(benchmark.summary);
      figures.push(...(await benchmark.run(context)));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    release();
    await removeLeftovers();
  }
  if (signal.aborted && figures.length === 0) return;
  const document = { machine: machine(), date: new Date().toISOString(), quick, figures };
  process.stdout.write(json ? toJson(document) : formatFigures(figures, styleFor(), widthOf()));
}

function choose(names: readonly string[]): Benchmark[] {
  const known = BENCHMARKS.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new SglabError('UnknownBenchmark', `there is no benchmark ${JSON.stringify(wrong)}`, {
      hint: `choose from ${known.join(', ')}`,
    });
  }
  return BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** A signal ends the run between two measurements, so that each takes down what it built. */
function abortOnSignals(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, abort);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, abort);
    },
  };
}

function machine() {
  const [cpu] = os.cpus();
  return { kernel: os.release(), node: process.version, cpu: cpu?.model ?? 'unknown', cores: os.cpus().length };
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(formatError(error, styleFor(process.stderr)));
  process.exitCode = error instanceof SglabError ? error.exitCode : EXIT.unknown;
}
