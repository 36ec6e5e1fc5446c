/** The clouds of the benchmarks. */
import { createCloud } from '../../src/cloud/create-cloud.js';
import { authorize, type RuleSpec } from '../../src/cloud/groups/rules.js';
import { createSecurityGroup } from '../../src/cloud/groups/security-group.js';
import { runInstance } from '../../src/cloud/instances/instance.js';
import type { Listener } from '../../src/cloud/instances/types.js';
import { createSubnet } from '../../src/cloud/network/subnet.js';
import { createVpc } from '../../src/cloud/network/vpc.js';
import type { Cloud, Quotas } from '../../src/cloud/types.js';

export interface EmptyCloud {
  readonly cloud: Cloud;
  readonly vpcId: string;
  readonly subnetId: string;
}

/**
 * A cloud with one VPC and one subnet for up to 4091 instances.
 * @param quotas AWS's defaults if absent
 */
export function emptyCloud(name: string, quotas: Partial<Quotas> = {}): EmptyCloud {
  const vpc = createVpc(createCloud({ name, quotas }), { name: 'net', cidrs: ['10.0.0.0/16'] });
  const { cloud, subnet } = createSubnet(vpc.cloud, { vpcId: vpc.vpc.id, name: 'private', cidr: '10.0.0.0/20' });
  return { cloud, vpcId: vpc.vpc.id, subnetId: subnet.id };
}

/** @returns the new cloud with the group's id; the group's name is its description, too */
export function addGroup({ cloud, vpcId }: EmptyCloud, name: string): { cloud: Cloud; groupId: string } {
  const made = createSecurityGroup(cloud, { vpcId, name, description: name });
  return { cloud: made.cloud, groupId: made.group.id };
}

export function allow(cloud: Cloud, groupId: string, rules: readonly RuleSpec[]): Cloud {
  return authorize(cloud, groupId, rules).cloud;
}

/** A rule that lets one port, or a range, in. */
export function ingress(
  protocol: 'tcp' | 'udp',
  ports: number | readonly [number, number],
  from: RuleSpec['peer'],
): RuleSpec {
  const [fromPort, toPort] = typeof ports === 'number' ? [ports, ports] : ports;
  return { direction: 'ingress', protocol, fromPort, toPort, peer: from };
}

/** As a change adds and removes it. */
export const HTTPS_FROM_ANYWHERE = {
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  peer: '0.0.0.0/0',
  description: null,
} as const;

export const ANYWHERE: RuleSpec['peer'] = { type: 'cidr', cidr: '0.0.0.0/0' };

export function addInstance(
  cloud: Cloud,
  instance: {
    readonly name: string;
    readonly subnetId: string;
    readonly groupId: string;
    readonly listen?: Listener[];
  },
): Cloud {
  const { name, subnetId, groupId, listen = [] } = instance;
  return runInstance(cloud, { name, listen, interfaces: [{ subnetId, groupIds: [groupId] }] }).cloud;
}

/**
 * A typical application: web servers `i-0`, `i-2`, … (open on tcp/443) and databases `i-1`, `i-3`, … (tcp/3306, from
 * the web servers), each with its listener.
 */
export function webAndDatabases(name: string, instances: number): Cloud {
  const empty = emptyCloud(name);
  const web = addGroup(empty, 'web');
  const db = addGroup({ ...empty, cloud: web.cloud }, 'db');
  let cloud = allow(db.cloud, web.groupId, [
    ingress('tcp', 443, ANYWHERE),
    ingress('tcp', 22, { type: 'cidr', cidr: '198.51.100.0/24' }),
  ]);
  cloud = allow(cloud, db.groupId, [ingress('tcp', 3306, { type: 'group', groupId: web.groupId })]);
  for (let i = 0; i < instances; i++) {
    const [groupId, port] = i % 2 === 0 ? [web.groupId, 443] : [db.groupId, 3306];
    cloud = addInstance(cloud, {
      name: `i-${i}`,
      subnetId: empty.subnetId,
      groupId,
      listen: [{ protocol: 'tcp', port }],
    });
  }
  return cloud;
}
