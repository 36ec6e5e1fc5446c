import { ruleText } from '../../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../../src/cloud/types.js';
import { parseScenario } from '../../../../src/scenario/parse-scenario.js';
import { findAll } from '../../../../src/verify/audit/find.js';
import type { Finding } from '../../../../src/verify/audit/types.js';

/**
 * A VPC with a public and a private subnet, whose default group has no rules; `parts` are added to the file or replace
 * its parts.
 */
export function cloudOf(parts: { readonly securityGroups?: object; readonly [key: string]: unknown } = {}): Cloud {
  const definition = {
    name: 'audited',
    vpcs: {
      shop: {
        cidr: '10.0.0.0/16',
        internetGateway: true,
        subnets: { public: { cidr: '10.0.1.0/24', public: true }, private: { cidr: '10.0.2.0/24' } },
      },
    },
    ...parts,
    securityGroups: { default: { vpc: 'shop', ingress: [], egress: [] }, ...parts.securityGroups },
  };
  return parseScenario(JSON.stringify(definition), 'audited.yaml').cloud;
}

/** The same cloud with one group, `web`, which instance `v` in the public subnet has. */
export function withRules(ingress: readonly object[], parts: object = {}, egress: readonly object[] = []): Cloud {
  return cloudOf({
    instances: { v: { subnet: 'public', securityGroups: 'web', publicIp: true } },
    ...parts,
    securityGroups: { web: { vpc: 'shop', ingress, egress } },
  });
}

/** `web: tcp/22 from 0.0.0.0/0`, or the group's name, for each finding of that kind. */
export function findingNames(cloud: Cloud, kind: Finding['kind']): string[] {
  return findAll(cloud)
    .filter((finding) => finding.kind === kind)
    .map(({ groupId, rule }) => {
      const name = cloud.securityGroups[groupId]?.name ?? groupId;
      return rule === null ? name : `${name}: ${ruleText(cloud, rule)}`;
    });
}

export const tcp = (ports: number | string, from: string) => ({ protocol: 'tcp', ports, from });
