/** The parts of a diagram. Plain data, with no place on paper yet. */
import type { InstanceKind } from '../cloud/instances/types.js';

export interface Diagram {
  readonly title: string;
  readonly vpcs: readonly VpcPart[];
  /** Peerings and transit gateways, which are no single VPC's. */
  readonly shared: readonly Node[];
  readonly internet: readonly Node[];
  readonly edges: readonly Edge[];
}

export interface VpcPart {
  readonly vpc: Node;
  readonly subnets: readonly { readonly subnet: Node; readonly machines: readonly Node[] }[];
  readonly routeTables: readonly Node[];
  readonly connections: readonly Node[];
}

export type NodeKind =
  | 'vpc'
  | 'subnet'
  | 'route-table'
  | 'internet-gateway'
  | 'egress-only-internet-gateway'
  | 'gateway-endpoint'
  | 'peering'
  | 'transit-gateway'
  | 'internet'
  | 'host'
  | InstanceKind;

export interface Node {
  /** The resource's; a machine has that of its interface, a host its name. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Addresses, blocks, what it connects. */
  readonly detail: string;
  /** Of a machine. */
  readonly groups: readonly Chip[];
  /** The interfaces that it stands for: several where machines are folded, none where it is no machine. */
  readonly interfaceIds: readonly string[];
  readonly isStopped: boolean;
}

/** A security group as it is shown beside a machine. */
export interface Chip {
  readonly groupId: string;
  readonly name: string;
  /** Of the colour wheel, in degrees. */
  readonly hue: number;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'association' | 'route' | 'target' | 'internet';
  /** For example the destinations of routes. */
  readonly label: string;
  /** The target is gone: what is sent there is dropped. */
  readonly isBlackhole: boolean;
}

/** Of anything that is no machine. */
export function plainNode(about: Pick<Node, 'id' | 'kind' | 'name' | 'detail'>): Node {
  return { ...about, groups: [], interfaceIds: [], isStopped: false };
}

/** What a box is, in AWS's words. */
export const KIND_NAMES: Readonly<Record<NodeKind, string>> = {
  vpc: 'VPC',
  subnet: 'Subnet',
  'route-table': 'Route table',
  'internet-gateway': 'Internet gateway',
  'egress-only-internet-gateway': 'Egress-only internet gateway',
  'gateway-endpoint': 'Gateway endpoint',
  peering: 'Peering connection',
  'transit-gateway': 'Transit gateway',
  internet: 'Internet',
  host: 'Host',
  ec2: 'Instance',
  rds: 'Database',
  lambda: 'Function',
  'application-load-balancer': 'Application Load Balancer',
  'network-load-balancer': 'Network Load Balancer',
  'interface-endpoint': 'Interface endpoint',
  'connect-endpoint': 'EC2 Instance Connect Endpoint',
  'nat-gateway': 'NAT gateway',
};

/** The node for those who do not see it: `Instance web-1, 10.0.1.4, security groups web, ssh`. */
export function nodeTitle({ kind, name, detail, groups, isStopped }: Node): string {
  const described = [
    `${KIND_NAMES[kind]} ${name}`,
    ...(isStopped ? ['stopped'] : []),
    ...(detail === '' ? [] : [detail]),
    ...(groups.length === 0 ? [] : [`security groups ${groups.map((group) => group.name).join(', ')}`]),
  ];
  return described.join(', ');
}

/** Whether it stands in a subnet. */
export function isMachine({ kind, interfaceIds }: Node): boolean {
  return interfaceIds.length > 0 && kind !== 'nat-gateway';
}

/** The node in a few lines. */
export function nodeLines(node: Node): string[] {
  const { kind, name, detail, groups } = node;
  const lines = isMachine(node)
    ? [name, detail, groups.map((group) => `[${group.name}]`).join(' ')]
    : [kind === 'internet' ? name : `${KIND_NAMES[kind]} ${name}`, detail];
  return lines.filter((line) => line !== '');
}
