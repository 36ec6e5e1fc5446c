import type { Mutation } from '../changes/mutation.js';
import { normaliseProtocol } from '../cloud/protocol.js';
import type { RuleModification } from '../cloud/text/modify.js';
import { everythingAsNumber, parsePorts } from '../cloud/text/rule-words.js';
import type { DefinitionOf } from './read-step.js';
import type { StepPlace } from './step-place.js';

export function readModify(
  { problems, path }: StepPlace,
  { group, rule, to }: DefinitionOf<'modify'>['modify'],
): Mutation {
  const at = [...path, 'modify', 'to'];
  const { protocol, ports, type, code, from, to: destination, description } = to;
  if (Object.keys(to).length === 0) {
    problems.add(at, {
      message: 'nothing to modify',
      hint: 'Write `from`, `to`, `protocol`, `ports` or `description`.',
    });
  }
  const isIcmp = type !== undefined || code !== undefined;
  const range = isIcmp
    ? { fromPort: type ?? -1, toPort: code ?? -1 }
    : ports === undefined
      ? {}
      : problems.attempt([...at, 'ports'], () => parsePorts(String(ports)));
  const number =
    protocol === undefined
      ? undefined
      : problems.attempt([...at, 'protocol'], () => normaliseProtocol(everythingAsNumber(String(protocol))));
  const peer = from ?? destination;
  const modification: RuleModification = {
    ...range,
    ...(number === undefined ? {} : { protocol: number }),
    ...(peer === undefined ? {} : { peer, direction: from === undefined ? 'egress' : 'ingress' }),
    ...(description === undefined ? {} : { description }),
  };
  return { type: 'modify', group, rule, to: modification };
}
