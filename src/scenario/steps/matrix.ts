/** `matrix` says who reaches whom: what no line allows must be stopped. Probes with lists and patterns are run like it. */
import { z } from 'zod';
import { itemsWithPaths, listOf } from '../../changes/read-parts.js';
import { oneOrMany } from '../../changes/schema-parts.js';
import { probesText, trafficText } from '../../changes/text-shapes.js';
import type { Family } from '../../cloud/groups/types.js';
import { servedTraffic } from '../../cloud/instances/listener.js';
import { machineNames } from '../../cloud/text/endpoint.js';
import { type ProbeSpec, probeText, probeTrafficText, resolveProbe } from '../../cloud/text/probe.js';
import {
  machinesCalled,
  type ProbePattern,
  parseProbes,
  parseTrafficList,
  probesOf,
} from '../../cloud/text/probe-pattern.js';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import type { Lab } from '../../lab/lab.js';
import type { Path } from '../../source/tree.js';
import type { Rehearsal } from '../rehearsal.js';
import { type ProbeExpectation, probeOutcome, stoppedOutcome } from './probe-outcome.js';
import {
  familySchema,
  nameSchema,
  type ReadStep,
  type StepBase,
  type StepContext,
  type StepKind,
  type StepOutcome,
  type StepOutcomes,
} from './step-kind.js';

export interface MatrixStep extends StepBase {
  readonly type: 'matrix';
  readonly lines: readonly MatrixLine[];
  /** Whatever else must be stopped; null: nothing else is asked. */
  readonly rest: MatrixBounds | null;
}

/** What must come of the probes of one line of the file. */
interface MatrixLine {
  readonly pattern: ProbePattern;
  readonly expect: ProbeExpectation;
  readonly line: number;
}

/** The whole table; null: all machines, whatever is served or named in a line. */
interface MatrixBounds {
  readonly from: readonly string[] | null;
  readonly to: readonly string[] | null;
  readonly traffic: ProbePattern['traffic'] | null;
  readonly family: Family | null;
}

/** One packet's question, and what must come of it; null: it must be stopped. */
interface MatrixCell {
  readonly probe: ProbeSpec;
  readonly line: number;
  readonly expect: ProbeExpectation | null;
}

const EXPECTED = { allow: 'connected', refused: 'refused' } as const;

const schema = z.strictObject({
  name: nameSchema,
  matrix: z
    .strictObject({
      from: oneOrMany(z.string())
        .optional()
        .describe('Who sends. Default: every machine, the hosts outside too. Example: `from: [office, web-*]`'),
      to: oneOrMany(z.string()).optional().describe('Who is sent to. Default: as `from`. Example: `to: db-*`'),
      ports: oneOrMany(trafficText)
        .optional()
        .describe(
          'The traffic that is tried. Default: whatever is served in the lab or named below. Example: `ports: ["tcp/22,443", icmp]`',
        ),
      allow: oneOrMany(probesText)
        .optional()
        .describe(
          'Lines as of `probe`: these connect. Example: `allow: [office -> web-* tcp/22, web-* -> db-* tcp/5432]`',
        ),
      refused: oneOrMany(probesText)
        .optional()
        .describe('These are let in, and nothing listens. Example: `refused: office -> web-* tcp/80`'),
      family: familySchema,
    })
    .describe(
      'Who reaches whom: what is not listed must be stopped on its way. Example: `matrix: { allow: [office -> web-* tcp/22, web-* -> db-* tcp/5432] }`',
    ),
});

export const matrix: StepKind<MatrixStep, z.infer<typeof schema>> = {
  schemas: { matrix: schema },
  read(place, { matrix: { from, to, ports, family = null, ...lists } }) {
    const { problems, line } = place;
    const path = [...place.path, 'matrix'];
    const traffic = itemsWithPaths([...path, 'ports'], ports).map(({ item, path: word }) =>
      problems.attempt(word, () => parseTrafficList(item)),
    );
    const lines = (['allow', 'refused'] as const).flatMap((key) =>
      readPatterns(place, [...path, key], lists[key] ?? [], family).map((each) => ({
        ...each,
        expect: { outcome: EXPECTED[key], stage: null, leg: null, rules: [] },
      })),
    );
    const rest: MatrixBounds = {
      from: from === undefined ? null : listOf(from),
      to: to === undefined ? null : listOf(to),
      traffic: ports === undefined ? null : traffic.flatMap((found) => found ?? []),
      family,
    };
    const ends = [...itemsWithPaths([...path, 'from'], from), ...itemsWithPaths([...path, 'to'], to)];
    const step: MatrixStep = { type: 'matrix', name: 'matrix', line, lines, rest };
    return { step, rehearse: (rehearsal) => checkMatrix(rehearsal, { path, ends, lines, rest }) };
  },
  run: runMatrix,
};

/** A line of the file, read. */
interface PlacedPattern {
  readonly pattern: ProbePattern;
  readonly path: Path;
  readonly line: number;
}

/** The patterns of one text or several; what cannot be read becomes a problem of its place. */
export function readPatterns(
  { problems, line, lineOf = () => line }: StepContext,
  path: Path,
  texts: string | readonly string[],
  family: Family | null,
): PlacedPattern[] {
  return itemsWithPaths(path, texts).flatMap(({ item, path: place }) => {
    const pattern = problems.attempt(place, () => parseProbes(item, family));
    return pattern === undefined ? [] : [{ pattern, path: place, line: lineOf(place) }];
  });
}

/** The step of several probes of which the same is expected. */
export function probesStep({
  patterns,
  expect,
  path,
  line,
}: {
  readonly patterns: readonly PlacedPattern[];
  readonly expect: ProbeExpectation;
  readonly path: Path;
  readonly line: number;
}): ReadStep<MatrixStep> {
  const lines = patterns.map((each) => ({ ...each, expect }));
  const name = patterns.map(({ pattern }) => patternText(pattern)).join('; ');
  return {
    step: { type: 'matrix', name, line, lines, rest: null },
    rehearse(rehearsal) {
      for (const { pattern, path: place } of lines) rehearsal.checkProbes(place, pattern);
      for (const word of expect.rules) rehearsal.checkRule([...path, 'rule'], word);
    },
  };
}

function patternText({ from, to, traffic, family }: ProbePattern): string {
  const words = traffic.map((what, at) => {
    const isAlike = what.port !== null && traffic[at - 1]?.protocol === what.protocol;
    return isAlike ? String(what.port) : probeTrafficText(what);
  });
  return `${from.join(', ')} -> ${to.join(', ')} ${words.join(',')}${family === 'ipv6' ? ' over IPv6' : ''}`;
}

interface ReadMatrix {
  readonly path: Path;
  /** The words of `from` and `to`. */
  readonly ends: readonly { readonly item: string; readonly path: Path }[];
  readonly lines: readonly (MatrixLine & PlacedPattern)[];
  readonly rest: MatrixBounds;
}

/** Each line must lie inside the table, and no cell may be in two lines that differ. */
function checkMatrix(rehearsal: Rehearsal, { path, ends, lines, rest }: ReadMatrix): void {
  for (const { item, path: place } of ends) {
    if (rehearsal.attempt(place, (cloud) => machinesCalled(cloud, [item])) === undefined) return;
  }
  const inside = rehearsal.attempt(path, (cloud) => new Set(restProbes(cloud, lines, rest).map(probeText)));
  if (inside === undefined) return;
  const seen = new Map<string, string>();
  for (const { pattern, path: place, expect } of lines) {
    for (const text of rehearsal.checkProbes(place, pattern).map(probeText)) {
      const other = seen.get(text);
      seen.set(text, expect.outcome);
      if (!inside.has(text)) {
        rehearsal.refuse(
          place,
          `${text} is outside the table`,
          'Add it to `from`, `to` or `ports`, or leave them out.',
        );
        break;
      }
      if (other !== undefined && other !== expect.outcome) {
        rehearsal.refuse(place, `${text} cannot be both ${other} and ${expect.outcome}`, 'Leave one of the two out.');
        break;
      }
    }
  }
}

/** Every probe of the table, those of its lines too. */
function restProbes(
  cloud: Cloud,
  lines: readonly MatrixLine[],
  { from, to, traffic, family }: MatrixBounds,
): ProbeSpec[] {
  const named = lines.flatMap(({ pattern }) => pattern.traffic);
  const all = traffic ?? [...servedTraffic(cloud).flatMap(parseTrafficList), ...named];
  const unique = new Map(all.map((what) => [JSON.stringify(what), what]));
  const everybody = machineNames(cloud);
  const called = (words: readonly string[] | null) => (words === null ? everybody : machinesCalled(cloud, words));
  const probes = probesOf(cloud, { from: called(from), to: called(to), traffic: [...unique.values()], family });
  // What the outside does with itself is nobody's rule.
  const isOutside = (word: string) => Object.hasOwn(cloud.externalHosts, word);
  return probes.filter((probe) => !isOutside(probe.from) || !isOutside(probe.to));
}

function cellsOf(cloud: Cloud, { lines, rest, line }: MatrixStep): MatrixCell[] {
  const cells = new Map<string, MatrixCell>();
  for (const { pattern, expect, line: own } of lines) {
    for (const probe of probesOf(cloud, pattern)) cells.set(probeText(probe), { probe, expect, line: own });
  }
  for (const probe of rest === null ? [] : restProbes(cloud, lines, rest)) {
    const text = probeText(probe);
    if (!cells.has(text) && canBeAsked(cloud, probe)) cells.set(text, { probe, expect: null, line });
  }
  return [...cells.values()];
}

/** Nothing passes between machines that have no address family in common. */
function canBeAsked(cloud: Cloud, probe: ProbeSpec): boolean {
  try {
    resolveProbe(cloud, probe);
    return true;
  } catch (error) {
    if (error instanceof SglabError && error.code === 'InvalidParameterValue') return false;
    throw error;
  }
}

/** A result for each cell that is not as expected, and one for all others. */
async function runMatrix(live: Lab, step: MatrixStep, signal?: AbortSignal): Promise<StepOutcomes> {
  const { cloud } = live;
  const started = performance.now();
  const cells = cellsOf(cloud, step);
  const questions = cells.map(({ probe }) => ({
    from: probe.from,
    to: probe.to,
    question: resolveProbe(cloud, probe),
  }));
  const results = await live.traffic.prober.probeAll(questions, signal === undefined ? {} : { signal });
  const outcomes = cells.flatMap(({ probe, expect, line }, at) => {
    const result = results[at];
    if (result === undefined) return [];
    const outcome = expect === null ? stoppedOutcome(result) : probeOutcome(cloud, result, expect);
    return [{ ...outcome, name: probeText(probe), line }];
  });
  const wrong = outcomes.filter(({ status }) => status !== 'passed');
  const right = outcomes.length - wrong.length;
  const [first, ...others] = wrong;
  if (right === 0 && first !== undefined) return [first, ...others];
  const connected = outcomes.filter(({ status, outcome }) => status === 'passed' && outcome === 'connected').length;
  const which = wrong.length === 0 ? `${right} probes` : `the other ${right} probes`;
  const explanation = `${which}: ${connected} connected, ${right - connected} did not, as expected`;
  const ms = performance.now() - started;
  const rest: StepOutcome = { status: 'passed', outcome: 'as-expected', explanation, ms };
  return first === undefined ? [rest] : [first, ...others, rest];
}
