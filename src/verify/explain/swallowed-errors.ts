/** Path MTU: who would not be told that a packet is too big for its way, because a group or network ACL drops the error. */
import { applyMutation } from '../../changes/mutation.js';
import type { Mutation } from '../../changes/verbs.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelHop } from '../../oracle/journey.js';
import { dropReason } from '../../verdict/reason.js';
import { dropReasonText } from '../../verdict/sentence.js';
import { changeOf } from './change.js';
import { entryProposals, ruleProposals } from './propose-rule.js';
import { narrowWays, type Question, queryModel } from './query-model.js';
import { trafficOf } from './references.js';
import { whereOf } from './stages.js';
import type { ExplainContext, SwallowedError } from './types.js';

const ANYWHERE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

/** @returns one for each way of the probe that is narrower than the VPC and whose sender does not hear of it */
export function swallowedErrors({ cloud }: ExplainContext, question: Question): SwallowedError[] {
  const verdict = queryModel(cloud, question);
  return narrowWays(cloud, question).flatMap(({ leg, mtu, error }): SwallowedError[] => {
    const hop = error.hops.at(-1);
    if (hop?.verdict !== 'drop') return [];
    const because = dropReasonText(dropReason(cloud, hop, ''), trafficWords(hop));
    const mutation = proposals(cloud, hop).find((each) => isHeard(cloud, question, leg, each));
    const change = mutation === undefined ? null : changeOf(cloud, verdict, { type: 'dropped', leg, hop }, mutation);
    return [{ leg, mtu, stage: hop.stage, where: whereOf(cloud, hop), because, change }];
  });
}

/** `icmp/3/4` */
function trafficWords({ packet }: ModelHop): string {
  const { protocol, fromPort, toPort } = trafficOf(packet, 'request');
  return `${protocol}/${fromPort}/${toPort}`;
}

function isHeard(cloud: Cloud, question: Question, leg: SwallowedError['leg'], mutation: Mutation): boolean {
  const way = narrowWays(applyMutation(cloud, mutation), question).find((each) => each.leg === leg);
  return way !== undefined && way.error.arrival !== null;
}

/** Any router on the way may send such an error: it is let in from anywhere. */
function proposals(cloud: Cloud, hop: ModelHop): Mutation[] {
  const peer = ANYWHERE[hop.packet.family];
  if (hop.card !== null) {
    return ruleProposals(cloud, hop, 'request').map((mutation) =>
      mutation.type === 'authorize'
        ? { ...mutation, rules: mutation.rules.map((rule) => ({ ...rule, peer })) }
        : mutation,
    );
  }
  const isEntry = hop.stage === 'nacl-inbound' || hop.stage === 'nacl-outbound';
  return (isEntry ? entryProposals(cloud, hop, 'request') : []).map((mutation) =>
    mutation.type === 'network-acl'
      ? { ...mutation, set: mutation.set.map((entry) => ({ ...entry, cidr: peer })) }
      : mutation,
  );
}
