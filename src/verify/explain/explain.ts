/**
 * Explains one probe: the model's reasons and the kernel's evidence, stage by stage, and the changes that turn the
 * outcome.
 */

import { assumedAbout } from '../../cloud/assumptions.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { type ProbeQuestion, type ProbeSpec, probeText } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import type { ProbeResult } from '../../verdict/types.js';
import { disagreement } from '../compare.js';
import { kernelAnswer } from '../kernel-opinion.js';
import { modelAnswer } from '../model-opinion.js';
import type { KernelEvidence } from './evidence.js';
import { middleboxesOn, observedBehaviour, type Told, withReaction } from './machines.js';
import { privateCall } from './private-call.js';
import { type Question, queryModel } from './query-model.js';
import { stagesOf } from './stages.js';
import { swallowedErrors } from './swallowed-errors.js';
import { toPass } from './to-pass.js';
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
  const { told, modelQuestion, verdict } = informed(asked);
  const { outcome, stage, leg } = verdict;
  const isKnown = kernel.outcome !== 'unknown';
  return {
    lab: cloud.name,
    probe: probeText(spec),
    source: question.sourceAddress,
    destination: question.destinationAddress,
    assumed: assumedAbout(cloud, endsOf(question)),
    agreement: agreementOf(asked, verdict, told),
    model: { outcome, stage, leg },
    kernel: {
      outcome: kernel.outcome,
      stage: kernel.stage,
      leg: kernel.leg,
      rule: kernel.rule,
      explanationCode: kernel.explanationCode,
      explanation: kernel.explanation,
      ms: kernel.ms,
    },
    stages: stagesOf(asked, verdict, kernel, evidence),
    toPass: isKnown && kernel.outcome !== 'connected' ? toPass(asked, modelQuestion) : null,
    instead: kernel.outcome === 'timed-out' ? privateCall(asked, modelQuestion) : null,
    toStop: kernel.outcome === 'connected' ? toStop(asked, modelQuestion) : [],
    swallowed: kernel.outcome === 'connected' ? swallowedErrors(asked, modelQuestion) : [],
  };
}

/** The interfaces of both ends; a machine on the internet has none. */
function endsOf({ from, to }: ProbeQuestion): string[] {
  return [from, to].flatMap((end) => (end.kind === 'interface' ? [end.interfaceId] : []));
}

interface Informed {
  readonly told: Told;
  readonly modelQuestion: Question;
  readonly verdict: ModelVerdict;
}

/** Asks the model, which knows what the cloud says of machines and what the kernel's reports show of them. */
function informed(asked: Explained): Informed {
  const { cloud, spec, kernel, evidence } = asked;
  const clientPort = evidence.clientPort ?? ANY_CLIENT_PORT;
  const seen = observedBehaviour(asked, evidence);
  const first = { spec, clientPort, behaviour: seen.behaviour, forwarding: seen.forwarding };
  const verdict = queryModel(cloud, first);
  const told = withReaction(seen, asked, verdict, kernel);
  if (told === seen) return { told, modelQuestion: first, verdict };
  const modelQuestion = { ...first, behaviour: told.behaviour };
  return { told, modelQuestion, verdict: queryModel(cloud, modelQuestion) };
}

function agreementOf(asked: Explained, model: ModelVerdict, { notes }: Told): Agreement {
  const { cloud, kernel, doubt } = asked;
  const unknown = (reason: string): Agreement => ({ verdict: 'unknown', differsIn: null, note: reason });
  const note = notes.length === 0 ? null : notes.join('; ');
  if (kernel.outcome === 'unknown') return unknown(kernel.explanation);
  const differsIn = disagreement(kernelAnswer(kernel), modelAnswer(model));
  if (differsIn === null) return { verdict: 'agree', differsIn, note };
  const reason = doubt ?? allowanceDoubt(cloud, kernel) ?? middleboxDoubt(asked, model);
  return reason === null ? { verdict: 'differ', differsIn, note } : unknown(reason);
}

/** A machine in the middle may do with packets whatever its owner likes. */
function middleboxDoubt({ cloud, question }: Explained, { request, reply }: ModelVerdict): string | null {
  const [middlebox] = middleboxesOn(cloud, question, [...request, ...reply]);
  if (middlebox === undefined) return null;
  return `packets pass ${interfaceName(cloud, middlebox)}: what it makes of them is decided inside, and the model cannot know it`;
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
