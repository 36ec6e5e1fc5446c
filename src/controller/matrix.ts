import { servedTraffic } from '../cloud/instances/listener.js';
import { machineNames } from '../cloud/text/endpoint.js';
import { makeProbe, resolveProbe } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { Lab } from '../lab/lab.js';
import type { NamedQuestion } from '../traffic/prober.js';
import type { Matrix, ProbeResult } from '../verdict/types.js';
import type { MatrixRequest } from './protocol.js';

/**
 * Probes every pair of machines with every question.
 * @throws CloudError or SglabError for a name that means nothing
 */
export async function probeMatrix(
  live: Lab,
  request: MatrixRequest,
  work: { readonly signal: AbortSignal; readonly onProgress: () => void },
): Promise<Matrix> {
  const started = performance.now();
  const { names, questions, cells } = cellsToAsk(live.cloud, request);
  return { names, questions, cells: await probeCells(live, cells, work), ms: performance.now() - started };
}

/** One packet's question of a matrix. */
export interface AskedCell {
  readonly from: string;
  readonly to: string;
  readonly question: string;
}

/** Probes the cells, which come back in their order. @throws CloudError or SglabError for a name that means nothing */
export async function probeCells<Cell extends AskedCell>(
  live: Lab,
  cells: readonly Cell[],
  work: { readonly signal: AbortSignal; readonly onProgress: () => void },
): Promise<(Cell & { readonly result: ProbeResult })[]> {
  const asked = cells.map((cell) => ({ cell, asked: ask(live.cloud, cell) }));
  const answers = await live.traffic.prober.probeAll(
    asked.flatMap(({ asked }) => ('outcome' in asked ? [] : [asked])),
    work,
  );
  const inOrder = answers.values();
  return asked.flatMap(({ asked, cell }) => {
    const result = 'outcome' in asked ? asked : inOrder.next().value;
    return result === undefined ? [] : [{ ...cell, result }];
  });
}

export interface AskedMatrix {
  readonly names: readonly string[];
  readonly questions: readonly string[];
  /** Every ordered pair of different machines with every question. */
  readonly cells: readonly AskedCell[];
}

/** What a matrix asks of a cloud. @throws SglabError where that is nothing */
export function cellsToAsk(cloud: Cloud, request: MatrixRequest): AskedMatrix {
  const names = request.machines === null ? machineNames(cloud) : [...request.machines];
  const questions = request.questions === null ? servedTraffic(cloud) : [...request.questions];
  if (questions.length === 0) {
    throw new SglabError('NothingToAsk', 'nothing in this lab listens, so there is no port to ask for', {
      hint: 'name one: `sglab matrix --port tcp/22`',
    });
  }
  return {
    names,
    questions,
    cells: pairs(names).flatMap((pair) => questions.map((question) => ({ ...pair, question }))),
  };
}

function pairs(names: readonly string[]): { from: string; to: string }[] {
  return names.flatMap((from) => names.filter((to) => to !== from).map((to) => ({ from, to })));
}

/** Two machines without a common address family cannot be probed, so their outcome is unknown. */
function ask(cloud: Cloud, { from, to, question }: AskedCell): NamedQuestion | ProbeResult {
  const probe = makeProbe({ from, to, what: question });
  const { protocol, port } = probe;
  try {
    return { from, to, question: resolveProbe(cloud, probe) };
  } catch (error) {
    if (!(error instanceof SglabError) || error.code !== 'InvalidParameterValue') throw error;
    const nothing = { stage: null, leg: null, rule: null, explanationCode: null, path: [], ms: 0 };
    return { from, to, protocol, port, outcome: 'unknown', ...nothing, explanation: error.message };
  }
}
