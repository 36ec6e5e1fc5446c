/** A history as a scenario file, which can be run and kept as a regression test. */
import { stringify } from 'yaml';
import { mutationStep } from '../../changes/mutation.js';
import type { PacketSpec } from '../../cloud/text/packet-spec.js';
import { type ProbeSpec, probeTrafficText } from '../../cloud/text/probe.js';
import { FUZZ_TOPOLOGY } from './lab.js';
import type { History, Played } from './play.js';

/**
 * Writes the history as a scenario file that can be run as it is. It expects what the model says, so that it fails as
 * long as the two disagree, and is a regression test afterwards.
 */
export function scenarioText(name: string, { played, deciding }: History, seed: number): string {
  const last = played.at(-1);
  const steps = played.map((each) => stepOf(each, each === last ? deciding : []));
  const text = stringify({ steps }, { flowCollectionPadding: true, collectionStyle: 'any' });
  return `# Found by \`sglab verify --fuzz\` with seed ${seed}: the model and the kernel disagree at the last step.
name: ${name}
description: A history on which the model and the kernel disagree
${FUZZ_TOPOLOGY}${text}`;
}

/**
 * The step that repeats the event and expects what the model says.
 * @param rules of which one must decide; if empty, any may
 */
export function stepOf({ event, model }: Played, rules: readonly string[]): object {
  switch (event.type) {
    case 'mutate':
      return mutationStep(event.mutation);
    case 'probe':
      return probeStep(event.question, model, rules);
    case 'packet':
      return packetStep(event.packet, model);
    case 'open':
      // A step that opens a flow requires only that it opens.
      if (model?.outcome !== 'connected' || rules.length > 0) return probeStep(event.question, model, rules);
      return { open: { flow: event.flow, probe: probeText(event.question), ...familyOf(event.question) } };
    case 'exchange':
      return { flow: event.flow, send: event.send, ...expectation(model) };
    case 'end':
      return { end: event.flow };
    case 'advance':
      return { advance: `${event.seconds}s` };
  }
}

function probeStep(question: ProbeSpec, model: Played['model'], rules: readonly string[]): object {
  const rule = rules.length === 0 ? {} : { rule: rules };
  return { probe: probeText(question), ...familyOf(question), ...expectation(model), ...rule };
}

function packetStep({ probe, source }: PacketSpec, model: Played['model']): object {
  const { from, to, protocol, port, family } = probe;
  const { outcome, stage } = model ?? { outcome: 'delivered', stage: null };
  return {
    packet: { from, to, protocol, ports: port, source, family },
    expect: outcome,
    ...(stage === null ? {} : { at: stage }),
  };
}

function expectation(model: Played['model']): object {
  if (model === null) return {};
  const { outcome, stage, leg } = model;
  return { expect: outcome, ...(stage === null ? {} : { at: stage }), ...(leg === null ? {} : { leg }) };
}

function probeText(question: ProbeSpec): string {
  return `${question.from} -> ${question.to} ${probeTrafficText(question)}`;
}

function familyOf({ family }: ProbeSpec): object {
  return family === 'ipv6' ? { family } : {};
}
