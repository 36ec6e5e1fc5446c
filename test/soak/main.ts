/**
 * `scripts/soak` works on one lab with several clients at once, for as long as one likes, and says what stayed: every
 * verdict is compared with the model's, memory and descriptors of the controller with those after a warm-up.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { execa } from 'execa';
import { call } from '../../src/controller/client.js';
import { type Tally, work } from './client.js';
import { ownerOf, soakScenario } from './scenario.js';

const SGLAB = path.resolve(import.meta.dirname, '../../../../scripts/sglab');
const WARM_UP = 0.1;
const SAMPLES = 10;
/** The controller may close what a client left, and collect its garbage. */
const SETTLE_MS = 10_000;
/** The heap breathes: a leak of a minute's work shows as more than this within half an hour. */
const MOST_GROWTH = 1.25;
const SPARE_DESCRIPTORS = 4;

interface Options {
  readonly minutes: number;
  readonly clients: number;
  readonly seed: number;
}

interface Sample {
  readonly descriptors: number;
  /** MiB of resident memory. */
  readonly memory: number;
}

const positive = (text: string) => {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('Write a number above 0.');
  return number;
};

const program = new Command('scripts/soak')
  .description(
    'Several clients change and probe one lab at once; says whether each verdict is right and what piles up.',
  )
  .option('--minutes <n>', 'how long', positive, 30)
  .option('--clients <n>', 'how many at once', positive, 3)
  .option('--seed <n>', 'for the same operations again', Number, 1)
  .action(main);

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());

async function main({ minutes, clients, seed }: Options): Promise<void> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-soak-'));
  const lab = `soak-${process.pid}`;
  const file = path.join(directory, 'soak.yaml');
  fs.writeFileSync(file, soakScenario(lab, clients));
  try {
    await execa(SGLAB, ['up', file], { stdin: 'ignore' });
    try {
      const isGood = await soak({ minutes, clients, seed }, lab);
      process.exitCode = isGood ? 0 : 1;
    } finally {
      await execa(SGLAB, ['down', lab], { stdin: 'ignore' });
    }
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

async function soak({ minutes, clients, seed }: Options, lab: string): Promise<boolean> {
  const { pid } = await call(lab, 'status', {});
  const tally: Tally = { operations: 0, verdicts: 0, refused: 0, unexplained: [] };
  const over = new AbortController();
  const signal = AbortSignal.any([stop.signal, over.signal]);
  const working = Array.from({ length: clients }, (_, at) =>
    work({ lab, sglab: SGLAB, owner: ownerOf(at), seed: seed + at, signal, tally }),
  );
  const failed = Promise.all(working);
  const watched = watch({ pid, minutes, tally });
  const first = await Promise.race([watched, failed.then(() => null)]);
  over.abort();
  await failed;
  await sleep(SETTLE_MS);
  const last = sampleOf(pid);
  return summary(tally, first ?? last, last);
}

/** @returns the sample after the warm-up */
async function watch({ pid, minutes, tally }: { pid: number; minutes: number; tally: Tally }): Promise<Sample> {
  const end = minutes * 60_000;
  await wait(end * WARM_UP);
  const first = sampleOf(pid);
  for (let at = 1; at <= SAMPLES && !stop.signal.aborted; at++) {
    await wait((end * (1 - WARM_UP)) / SAMPLES);
    const { descriptors, memory } = sampleOf(pid);
    process.stdout.write(
      `${tally.operations} operations, ${tally.verdicts} verdicts, ${tally.unexplained.length} unexplained; ` +
        `${descriptors} descriptors, ${memory} MiB\n`,
    );
  }
  return first;
}

async function wait(milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => {});
}

function sampleOf(pid: number): Sample {
  const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return {
    descriptors: fs.readdirSync(`/proc/${pid}/fd`).length,
    memory: Math.round((pages * 4096) / 2 ** 20),
  };
}

function summary(tally: Tally, first: Sample, last: Sample): boolean {
  const { operations, verdicts, refused, unexplained } = tally;
  for (const text of unexplained.slice(0, 20)) process.stdout.write(`✗ ${text}\n`);
  const isClosed = last.descriptors <= first.descriptors + SPARE_DESCRIPTORS;
  const isSmall = last.memory <= first.memory * MOST_GROWTH;
  const mark = (good: boolean) => (good ? '✓' : '✗');
  process.stdout.write(`
${mark(unexplained.length === 0)} ${operations} operations (${refused} refused as AWS would), ${verdicts} verdicts, ${unexplained.length} unexplained
${mark(isClosed)} descriptors of the controller: ${first.descriptors} after the warm-up, ${last.descriptors} at the end
${mark(isSmall)} memory of the controller: ${first.memory} MiB after the warm-up, ${last.memory} MiB at the end
`);
  return unexplained.length === 0 && isClosed && isSmall;
}

await program.parseAsync();
