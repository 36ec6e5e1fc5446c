import { parseProbe, probeWords } from '../cloud/text/probe.js';
import type { DefinitionOf } from './read-step.js';
import type { StepPlace } from './step-place.js';
import type { EndStep, FlowStep, OpenStep } from './types.js';

export function readOpen(
  { problems, path, line }: StepPlace,
  { open: { flow, probe, send = 'both', family } }: DefinitionOf<'open'>,
): OpenStep | undefined {
  const spec = problems.attempt([...path, 'open', 'probe'], () => parseProbe(probe, family ?? null));
  if (spec === undefined) return undefined;
  if (send === 'client' && spec.protocol === 'tcp') {
    const message = 'a TCP flow begins with a handshake, which the server answers';
    problems.add([...path, 'open', 'send'], { message, hint: 'Leave `send` out.' });
  }
  return { type: 'open', name: `open ${flow}: ${probeWords(spec)}`, line, flow, probe: spec, send };
}

export function readFlow({ problems, path, line }: StepPlace, definition: DefinitionOf<'flow'>): FlowStep {
  const { flow, send = 'both', expect, at = null, leg = null } = definition;
  if (expect !== 'stalls' && (at ?? leg) !== null) {
    const key = at === null ? 'leg' : 'at';
    problems.add([...path, key], { message: 'only a flow that stalls stops somewhere', hint: `Leave \`${key}\` out.` });
  }
  const words = send === 'both' ? `flow ${flow}` : `flow ${flow}: the ${send} sends`;
  return { type: 'flow', name: words, line, flow, send, expect: { outcome: expect, stage: at, leg } };
}

export function readEnd({ line }: StepPlace, { end }: DefinitionOf<'end'>): EndStep {
  return { type: 'end', name: `end ${end}`, line, flow: end };
}
