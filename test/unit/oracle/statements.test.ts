/** The statements about AWS and earlier differences, put to the model: the same files that the kernel is asked. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PacketSpec } from '../../../src/cloud/text/packet-spec.js';
import { loadScenario } from '../../../src/import/load.js';
import type { Step } from '../../../src/scenario/steps.js';
import type { Scenario } from '../../../src/scenario/types.js';
import { ModelOpinion } from '../../../src/verify/model-opinion.js';
import type { Answer } from '../../../src/verify/opinion.js';

const DIRECTORIES = ['scenarios/conformance', 'test/fixtures/histories'];

/** Steps that a model can be asked about or told of; the others need a machine that runs programs. */
const KNOWN: ReadonlySet<Step['type']> = new Set([
  'probe',
  'packet',
  'open',
  'flow',
  'end',
  'mutate',
  'advance',
  'wait',
]);

const scenarios = await Promise.all(
  DIRECTORIES.flatMap((directory) => fs.readdirSync(directory).map((file) => path.join(directory, file)))
    .filter((file) => file.endsWith('.yaml'))
    .map(async (file) => ({ file: path.basename(file), scenario: await loadScenario(file) })),
);

function isKnown({ steps }: Scenario): boolean {
  return steps.every((step) => KNOWN.has(step.type) && (step.type !== 'packet' || isWhole(step.packet)));
}

/** The model knows whole packets that begin something: neither fragments, nor errors, nor TCP amid a connection. */
function isWhole({ about, fragment, flags }: PacketSpec): boolean {
  return about === null && fragment === null && flags.every((flag) => flag === 'syn');
}

interface Said {
  readonly step: string;
  readonly outcome: string;
  readonly stage: string | null;
  readonly leg: string | null;
}

async function play({ cloud, steps }: Scenario): Promise<{ expected: Said[]; said: Said[] }> {
  const model = new ModelOpinion(cloud);
  const expected: Said[] = [];
  const said: Said[] = [];
  for (const step of steps) {
    const answer = await tell(model, step);
    if (answer === null) continue;
    const wanted = step.type === 'probe' || step.type === 'flow' || step.type === 'packet' ? step.expect : null;
    const stage = wanted?.stage ?? answer.stage;
    const leg = wanted?.leg ?? answer.leg;
    expected.push({ step: step.name, outcome: wanted?.outcome ?? 'connected', stage, leg });
    said.push({ step: step.name, outcome: answer.outcome, stage: answer.stage, leg: answer.leg });
  }
  return { expected, said };
}

async function tell(model: ModelOpinion, step: Step): Promise<Answer | null> {
  switch (step.type) {
    case 'probe':
      return (await model.probe([step.probe]))[0] ?? null;
    case 'packet':
      return model.packet(step.packet);
    case 'open':
      return model.open(step.flow, step.probe);
    case 'flow':
      return model.exchange(step.flow, step.send);
    case 'end':
      await model.end(step.flow);
      return null;
    case 'mutate':
      await model.mutate(step.mutation);
      return null;
    case 'advance':
      await model.advance(step.seconds);
      return null;
    case 'wait':
      await model.advance(step.ms / 1000);
      return null;
    default:
      return null;
  }
}

describe('the model says what AWS does', () => {
  it.each(scenarios.filter(({ scenario }) => isKnown(scenario)))('$file', async ({ scenario }) => {
    const { expected, said } = await play(scenario);
    expect(said).toEqual(expected);
    expect(said.length).toBeGreaterThan(0);
  });

  it.skip.each(scenarios.filter(({ scenario }) => !isKnown(scenario)))(
    '$file: programs, single packets or balancers',
    () => {},
  );
});
