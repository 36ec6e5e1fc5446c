/** Kinds of machines with network interfaces, and how groups treat each: data, because AWS changes it (4.3, 5.4). */

import type { NetworkInterface } from '../interfaces/types.js';
import { byId, vpcIdOfInterface } from '../lookup.js';
import type { Cloud } from '../types.js';
import type { InstanceKind } from './types.js';

/** The kinds that an instance of a definition may have; the others come from sections of their own. */
export const INSTANCE_KINDS = ['ec2', 'rds', 'lambda'] as const satisfies readonly InstanceKind[];

export interface KindTraits {
  /** Its connections are tracked whatever the rules of either end are (4.3). */
  readonly alwaysTracked: boolean;
  /** `open`: everything passes, its rules are not asked; `closed`: nothing new passes. */
  readonly ingress: 'rules' | 'open' | 'closed';
  readonly egress: 'rules' | 'open';
  /** It may be without any group, which then filters nothing. */
  readonly groupOptional: boolean;
}

const ORDINARY: KindTraits = { alwaysTracked: false, ingress: 'rules', egress: 'rules', groupOptional: false };

const TRAITS: Readonly<Record<InstanceKind, KindTraits>> = {
  ec2: ORDINARY,
  rds: ORDINARY,
  'application-load-balancer': ORDINARY,
  'interface-endpoint': { ...ORDINARY, alwaysTracked: true },
  // Nothing can connect to a function through its interface (5.4).
  lambda: { ...ORDINARY, alwaysTracked: true, ingress: 'closed' },
  // Its outbound rules are for health checks, not for the traffic of clients (5.4, NLBSG).
  'network-load-balancer': { alwaysTracked: true, ingress: 'rules', egress: 'open', groupOptional: true },
  // What the service brings is always let in (5.4, EICE).
  'connect-endpoint': { ...ORDINARY, ingress: 'open' },
  'nat-gateway': { alwaysTracked: true, ingress: 'open', egress: 'open', groupOptional: true },
};

export function traitsOf(kind: InstanceKind): KindTraits {
  return TRAITS[kind];
}

export function kindOfInterface(cloud: Cloud, { instanceId }: NetworkInterface): InstanceKind {
  return byId(cloud.instances, instanceId).kind;
}

/** The interface's traits; one without groups filters nothing. */
export function traitsOfInterface(cloud: Cloud, eni: NetworkInterface): KindTraits {
  const traits = traitsOf(kindOfInterface(cloud, eni));
  return eni.groupIds.length === 0 ? { ...traits, ingress: 'open', egress: 'open' } : traits;
}

/** The interfaces of a VPC whose connections everybody tracks. */
export function alwaysTrackedInterfaces(cloud: Cloud, vpcId: string): NetworkInterface[] {
  return Object.values(cloud.networkInterfaces).filter(
    (eni) => traitsOf(kindOfInterface(cloud, eni)).alwaysTracked && vpcIdOfInterface(cloud, eni) === vpcId,
  );
}
