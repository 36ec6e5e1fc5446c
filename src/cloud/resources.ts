/** Everything that can be tagged, by the prefix of its id: what EC2 calls it, and how it says that there is none. */
import { CloudError } from './errors.js';
import { printable } from './text/quote.js';
import type { Cloud } from './types.js';

export interface ResourceKind {
  /** As in `ResourceType` of tags. */
  readonly type: string;
  readonly ids: (cloud: Cloud) => readonly string[];
  readonly notFound: (id: string) => CloudError;
}

const KINDS = {
  vpc: kind('vpc', ({ vpcs }) => keys(vpcs), 'InvalidVpcID.NotFound', 'vpc'),
  subnet: kind('subnet', ({ subnets }) => keys(subnets), 'InvalidSubnetID.NotFound', 'subnet'),
  rtb: kind('route-table', ({ routeTables }) => keys(routeTables), 'InvalidRouteTableID.NotFound', 'routeTable'),
  acl: kind('network-acl', ({ networkAcls }) => keys(networkAcls), 'InvalidNetworkAclID.NotFound', 'networkAcl'),
  pcx: kind(
    'vpc-peering-connection',
    ({ peerings }) => keys(peerings),
    'InvalidVpcPeeringConnectionID.NotFound',
    'vpcPeeringConnection',
  ),
  igw: kind(
    'internet-gateway',
    ({ internetGateways }) => keys(internetGateways),
    'InvalidInternetGatewayID.NotFound',
    'internetGateway',
  ),
  eigw: kind(
    'egress-only-internet-gateway',
    ({ vpcs }) => Object.values(vpcs).flatMap(({ egressOnlyInternetGatewayId: id }) => id ?? []),
    'InvalidGatewayID.NotFound',
    'egressOnlyInternetGateway',
  ),
  vpce: kind(
    'vpc-endpoint',
    ({ gatewayEndpoints }) => keys(gatewayEndpoints),
    'InvalidVpcEndpointId.NotFound',
    'vpcEndpoint',
  ),
  tgw: kind(
    'transit-gateway',
    ({ transitGateways }) => keys(transitGateways),
    'InvalidTransitGatewayID.NotFound',
    'transitGateway',
  ),
  sg: {
    type: 'security-group',
    ids: ({ securityGroups }) => keys(securityGroups),
    notFound: (id) => new CloudError('InvalidGroup.NotFound', `The security group '${printable(id)}' does not exist`),
  },
  sgr: kind(
    'security-group-rule',
    ({ securityGroups }) => Object.values(securityGroups).flatMap(({ rules }) => rules.map(({ id }) => id)),
    'InvalidSecurityGroupRuleId.NotFound',
    'security group rule',
  ),
  pl: kind('prefix-list', ({ prefixLists }) => keys(prefixLists), 'InvalidPrefixListID.NotFound', 'prefix list'),
  i: kind(
    'instance',
    ({ instances, stoppedInstances, terminatedInstances }) =>
      [instances, stoppedInstances, terminatedInstances].flatMap(keys),
    'InvalidInstanceID.NotFound',
    'instance',
  ),
  eni: kind(
    'network-interface',
    ({ networkInterfaces, idleInterfaces }) => [...keys(networkInterfaces), ...keys(idleInterfaces)],
    'InvalidNetworkInterfaceID.NotFound',
    'networkInterface',
  ),
  fl: kind('vpc-flow-log', ({ flowLogs }) => keys(flowLogs), 'InvalidFlowLogId.NotFound', 'flow log'),
  nat: kind(
    'natgateway',
    ({ instances }) => keys(instances).filter((id) => id.startsWith('nat-')),
    'NatGatewayNotFound',
    'natGateway',
  ),
  key: kind('key-pair', ({ keyPairs }) => keys(keyPairs), 'InvalidKeyPair.NotFound', 'key pair'),
  eipalloc: kind('elastic-ip', ({ elasticIps }) => keys(elasticIps), 'InvalidAllocationID.NotFound', 'allocation'),
} satisfies Readonly<Record<string, ResourceKind>>;

type TaggablePrefix = keyof typeof KINDS;

/** undefined for an id of no kind that is known. */
export function resourceKind(id: string): ResourceKind | undefined {
  const prefix = /^[a-z]+(?=-)/.exec(id)?.[0] ?? '';
  return Object.hasOwn(KINDS, prefix) ? KINDS[prefix as TaggablePrefix] : undefined;
}

/** Throws AWS's error for an id of that kind that the cloud does not have. */
export function notFound(prefix: TaggablePrefix, id: string): never {
  throw KINDS[prefix].notFound(id);
}

/** Throws CloudError `InvalidID` or the NotFound error of its kind. */
export function checkResource(cloud: Cloud, id: string): void {
  const found = resourceKind(id);
  if (found === undefined) throw new CloudError('InvalidID', `The ID '${printable(id)}' is not valid`);
  if (!found.ids(cloud).includes(id)) throw found.notFound(id);
}

function kind(type: string, ids: ResourceKind['ids'], code: string, noun: string): ResourceKind {
  return { type, ids, notFound: (id) => new CloudError(code, `The ${noun} ID '${printable(id)}' does not exist`) };
}

function keys(record: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(record);
}
