/**
 * Explains one probe: the model's reasons and the kernel's evidence, stage by stage, and the changes that turn the
 * outcome.
 */

import { applyMutation } from '../../changes/mutation.js';
import { kindOfInterface } from '../../cloud/instances/kinds.js';
import { byId } from '../../cloud/lookup.js';
import { type ProbeSpec, probeText } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import type { ProbeResult } from '../../verdict/types.js';
import { disagreement } from '../compare.js';
import { kernelAnswer } from '../kernel-opinion.js';
import { modelAnswer } from '../model-opinion.js';
import { FORWARDER_KINDS } from '../questions.js';
import type { KernelEvidence } from './evidence.js';
import { type Question, queryModel } from './query-model.js';
import { reactionOf, stagesOf } from './stages.js';
import { listenerFor, toPass } from './to-pass.js';
import { toStop } from './to-stop.js';
import type { Agreement, ExplainContext, Explanation } from './types.js';

/** The client's port if the kernel reported none: no packet came far enough for it to matter. */
const ANY_CLIENT_PORT = 49_152;

export interface Explained extends ExplainContext {
  readonly spec: ProbeSpec;
  readonly kernel: ProbeResult;
  readonly evidence: KernelEvidence;
  /** Something from before the probe that the model cannot know; null if there is nothing. */
  readonly doubt: string | null;
}

export function explainProbe(asked: Explained): Explanation {
  const { cloud, spec, question, kernel, evidence } = asked;
  const modelQuestion = { spec, clientPort: evidence.clientPort ?? ANY_CLIENT_PORT };
  const known = isModelled(asked) ? withServers(cloud, kernel, modelQuestion) : null;
  const model = known?.verdict ?? null;
  const answer = kernel.outcome === 'unknown' || known === null ? null : { ...asked, cloud: known.cloud };
  return {
    lab: cloud.name,
    probe: probeText(spec),
    source: question.sourceAddress,
    destination: question.destinationAddress,
    agreement: agreementOf(asked, model, known?.note ?? null),
    model: model === null ? null : { outcome: model.outcome, stage: model.stage, leg: model.leg },
    kernel: {
      outcome: kernel.outcome,
      stage: kernel.stage,
      leg: kernel.leg,
      rule: kernel.rule,
      explanation: kernel.explanation,
      ms: kernel.ms,
    },
    stages: stagesOf(asked, model, kernel, evidence),
    toPass: answer === null ? null : toPass(answer, modelQuestion),
    toStop: answer === null ? [] : toStop(answer, modelQuestion),
  };
}

interface ModelView {
  readonly cloud: Cloud;
  readonly verdict: ModelVerdict;
  readonly note: string | null;
}

/**
 * The model knows the servers that sglab runs; one that a user started is added to its cloud after the kernel has found
 * it.
 */
function withServers(cloud: Cloud, { outcome, to }: ProbeResult, modelQuestion: Question): ModelView {
  const verdict = queryModel(cloud, modelQuestion);
  const { arrival } = verdict;
  if (outcome !== 'connected' || arrival === null || reactionOf(verdict) === 'pass')
    return { cloud, verdict, note: null };
  const { place, packet } = arrival;
  const on = place.kind === 'external' ? place.name : byId(cloud.networkInterfaces, place.interfaceId).instanceId;
  const withServer = applyMutation(cloud, { type: 'listen', on, listeners: [listenerFor(packet)] });
  const note = `${to} runs a program of its own, which answers: the model was given it as a listener`;
  return { cloud: withServer, verdict: queryModel(withServer, modelQuestion), note };
}

/** Rules do not decide which target a balancer chooses; a NAT gateway sends no probes. */
export function isModelled({ cloud, question }: Pick<ExplainContext, 'cloud' | 'question'>): boolean {
  return [question.from, question.to].every(
    (end) =>
      end.kind === 'external' ||
      !FORWARDER_KINDS.has(kindOfInterface(cloud, byId(cloud.networkInterfaces, end.interfaceId))),
  );
}

function agreementOf(
  { cloud, kernel, doubt, to }: Explained,
  model: ModelVerdict | null,
  note: string | null,
): Agreement {
  const unknown = (reason: string): Agreement => ({ verdict: 'unknown', differsIn: null, note: reason });
  if (kernel.outcome === 'unknown') return unknown(kernel.explanation);
  if (model === null) return unknown(`the model cannot follow packets to ${to}`);
  const differsIn = disagreement(kernelAnswer(kernel), modelAnswer(model));
  if (differsIn === null) return { verdict: 'agree', differsIn, note };
  const reason = doubt ?? allowanceDoubt(cloud, kernel);
  return reason === null ? { verdict: 'differ', differsIn, note } : unknown(reason);
}

/** The model does not know how many connections are open. */
function allowanceDoubt(cloud: Cloud, { path }: ProbeResult): string | null {
  const limited = path.find(({ verdict, interface: id }) => {
    const eni = id === null ? undefined : cloud.networkInterfaces[id];
    return (
      verdict === 'drop' && eni !== undefined && byId(cloud.instances, eni.instanceId).connectionAllowance !== null
    );
  });
  return limited === undefined
    ? null
    : 'the connections that are open count against an allowance, and the model does not know how many there are';
}
