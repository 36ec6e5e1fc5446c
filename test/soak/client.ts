/** One client of a soak: it changes its own groups, probes its own machines and asks the model what must come of it. */

import { execa } from 'execa';
import fc from 'fast-check';
import type { Mutation } from '../../src/changes/verbs.js';
import type { ProbeSpec } from '../../src/cloud/text/probe.js';
import { parseRule } from '../../src/cloud/text/rule.js';
import { call, LAB_VARIABLE } from '../../src/controller/client.js';
import { SglabError } from '../../src/errors.js';
import { disagreement } from '../../src/verify/compare.js';
import { kernelAnswer } from '../../src/verify/kernel-opinion.js';
import { ModelOpinion } from '../../src/verify/model-opinion.js';
import { type Owner, PORTS } from './scenario.js';

export interface Tally {
  operations: number;
  verdicts: number;
  refused: number;
  /** What nobody can explain, in words. */
  readonly unexplained: string[];
}

export interface Job {
  readonly lab: string;
  readonly sglab: string;
  readonly owner: Owner;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly tally: Tally;
}

/** The other commands of a user, in a process of their own. */
const COMMANDS: readonly ((owner: Owner) => readonly string[])[] = [
  () => ['status'],
  ({ machines: [first = ''] }) => ['conntrack', first],
  ({ machines: [, second = ''] }) => ['exec', second, '--', 'ip', 'route'],
  ({ machines: [first = ''] }) => ['rules', first],
  () => ['history', '--since', '10s'],
  () => ['ls'],
  () => ['advance', '10s'],
  ({ machines: [first = ''] }) => ['flowlogs', first],
  ({ machines }) => ['matrix', ...machines, '--port', 'tcp/22', 'icmp'],
  ({ machines: [first = '', second = ''] }) => ['explain', first, second, 'tcp/22'],
];

/** Works until it is stopped. What AWS would refuse (a rule twice, one that is not there) is counted and goes on. */
export async function work(job: Job): Promise<void> {
  const random = new Random(job.seed);
  while (!job.signal.aborted) {
    job.tally.operations++;
    const kind = random.number(20);
    try {
      if (kind < 7) await call(job.lab, 'mutate', { mutation: change(job.owner, random) });
      else if (kind < 19) await probe(job, random);
      else await command(job, random);
    } catch (error) {
      if (!(error instanceof SglabError) || error.exitCode === 3) throw error;
      job.tally.refused++;
    }
  }
}

async function probe({ lab, owner, tally }: Job, random: Random): Promise<void> {
  const question = questionOf(owner, random);
  const result = await call(lab, 'probe', { probe: question });
  // Nobody else changes what this client's packets meet.
  const { cloud } = await call(lab, 'status', {});
  const [expected] = await new ModelOpinion(cloud).probe([question]);
  tally.verdicts++;
  const isRight =
    result.outcome !== 'unknown' && expected !== undefined && disagreement(kernelAnswer(result), expected) === null;
  if (!isRight) {
    tally.unexplained.push(
      `${question.from} -> ${question.to} ${question.protocol}/${question.port}: ${result.outcome} at ${result.stage}, ` +
        `expected ${expected?.outcome} at ${expected?.stage}: ${result.explanation}`,
    );
  }
}

async function command({ lab, sglab, owner, signal, tally }: Job, random: Random): Promise<void> {
  const words = (COMMANDS[random.number(COMMANDS.length)] ?? (() => []))(owner);
  const options = { reject: false, stdin: 'ignore', env: { [LAB_VARIABLE]: lab } } as const;
  const { exitCode, stderr } = await execa(sglab, words, options);
  // What is unknown counts as a verdict that nobody can explain.
  if (exitCode !== 0 && !signal.aborted) tally.unexplained.push(`sglab ${words.join(' ')}: ${exitCode}, ${stderr}`);
}

function questionOf({ machines }: Owner, random: Random): ProbeSpec {
  const ends = [...machines, 'office'];
  const from = random.of(ends);
  const to = random.of(ends.filter((end) => end !== from));
  const family = random.of(['ipv4', null] as const);
  const plain = { from, to, family, icmpType: null, icmpCode: null };
  if (random.number(4) === 0) return { ...plain, protocol: 'udp', port: 53 };
  return { ...plain, protocol: 'tcp', port: random.of([...PORTS, 81]) };
}

function change({ machines, groups, newcomer }: Owner, random: Random): Mutation {
  const group = random.of(groups);
  const peer = random.of(['0.0.0.0/0', '10.0.1.0/24', '198.51.100.10/32', ...groups]);
  const traffic = random.of([...PORTS.map((port) => `tcp/${port}`), 'udp/53', 'all traffic']);
  const rules = [parseRule(`${traffic} ${random.number(5) === 0 ? 'to' : 'from'} ${peer}`)];
  switch (random.number(8)) {
    case 6:
      return { type: 'launch', machine: { ...newcomer, groups: [group] } };
    case 7:
      return { type: 'terminate', machine: newcomer.name };
    case 0:
      return { type: 'attach', instance: random.of(machines), group };
    case 1:
      return { type: 'detach', instance: random.of(machines), group };
    case 2:
    case 3:
      return { type: 'revoke', group, rules, ruleIds: [] };
    default:
      return { type: 'authorize', group, rules };
  }
}

/** Numbers that a seed gives again. */
class Random {
  readonly #numbers: Iterator<number>;

  constructor(seed: number) {
    this.#numbers = fc.sample(fc.infiniteStream(fc.nat()), { seed, numRuns: 1 })[0]?.[Symbol.iterator]() ?? [].values();
  }

  number(count: number): number {
    return (this.#numbers.next().value ?? 0) % count;
  }

  of<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[this.number(items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }
}
