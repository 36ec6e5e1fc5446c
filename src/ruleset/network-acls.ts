import type { Direction, Family } from '../cloud/groups/types.js';
import { networkAclOf } from '../cloud/network/network-acl.js';
import type { NetworkAcl, NetworkAclEntry, Subnet, Vpc } from '../cloud/network/types.js';
import { ANYTHING_ELSE, entryId } from '../cloud/text/network-acl-text.js';
import type { Cloud } from '../cloud/types.js';
import { MARK_SUBNET_MASK } from './names.js';
import { type Chain, chain, denied, type NamedSet } from './ruleset.js';

/** An interface's link with the subnet that its packets come from. */
export interface BoundaryPort {
  readonly port: string;
  readonly subnetId: string;
  /** The bits of its packets' marks that `MARK_SUBNET_MASK` keeps. */
  readonly mark: string;
}

export interface SubnetBoundary {
  readonly sets: readonly NamedSet[];
  readonly chains: readonly Chain[];
  /** Statements for a packet that leaves the subnet of its port, before it is routed. */
  readonly outbound: readonly string[];
  /** Statements for a packet that enters the subnet of its outgoing port. */
  readonly inbound: readonly string[];
}

const FROM_SUBNET = `meta mark & 0x${MARK_SUBNET_MASK.toString(16).padStart(8, '0')}`;
const DIRECTIONS = ['egress', 'ingress'] as const;
const FAMILIES: Readonly<Record<Family, 'ip' | 'ip6'>> = { ipv4: 'ip', ipv6: 'ip6' };

/**
 * Network ACLs judge each packet by itself, replies too, wherever it crosses the boundary of a subnet and nowhere else
 * (S95, S96). Two look-ups by port lead to the list; its entries are evaluated in their order. A list that lets
 * everything pass, as the default one does, is left out. Fragments after a first one have no ports: only entries
 * without ports match them.
 */
export function subnetBoundary(cloud: Cloud, vpc: Vpc, ports: readonly BoundaryPort[]): SubnetBoundary {
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpc.id);
  const filters = (subnet: Subnet, direction: Direction) => !isOpen(networkAclOf(cloud, subnet), vpc, direction);
  const judged = DIRECTIONS.flatMap((direction) =>
    subnets.filter((subnet) => filters(subnet, direction)).map((subnet) => ({ subnet, direction })),
  );
  if (judged.length === 0) return { sets: [], chains: [], outbound: [], inbound: [] };
  const chainOf = (subnetId: string, direction: Direction): string | null => {
    const found = judged.find((each) => each.subnet.id === subnetId && each.direction === direction);
    return found === undefined ? null : listName(networkAclOf(cloud, found.subnet), direction);
  };
  const within = ports.map(({ port, mark }) => [`${mark} . "${port}"`, 'accept'] as const);
  const subnetOf = new Map(ports.map(({ mark, subnetId }) => [mark, subnetId]));
  const outbound = Array.from(subnetOf, ([mark, id]) => [mark, chainOf(id, 'egress')] as const);
  const inbound = ports.map(({ port, subnetId }) => [`"${port}"`, chainOf(subnetId, 'ingress')] as const);
  const lists = new Map(
    judged.map(({ subnet, direction }) => {
      const list = networkAclOf(cloud, subnet);
      return [listName(list, direction), { list, direction }] as const;
    }),
  );
  return {
    sets: [
      verdictMap('within-subnet', 'mark . ifname', within),
      verdictMap('acl-outbound', 'mark', jumps(outbound)),
      verdictMap('acl-inbound', 'ifname', jumps(inbound)),
    ],
    chains: [...lists.values()].flatMap(({ list, direction }) => listChains(list, direction)),
    outbound: [`${FROM_SUBNET} . oifname vmap @within-subnet`, `${FROM_SUBNET} vmap @acl-outbound`],
    inbound: ['oifname vmap @acl-inbound'],
  };
}

/** Whether every packet that the VPC can have passes in that direction. */
function isOpen(list: NetworkAcl, vpc: Vpc, direction: Direction): boolean {
  const families: Family[] = vpc.ipv6Cidr === null ? ['ipv4'] : ['ipv4', 'ipv6'];
  return families.every((family) => {
    const [first] = entriesOf(list, direction, family);
    return first?.action === 'allow' && first.protocol === '-1' && isEverywhere(first);
  });
}

function isEverywhere({ cidr }: NetworkAclEntry): boolean {
  return cidr.endsWith('/0');
}

function entriesOf(list: NetworkAcl, direction: Direction, family: Family): NetworkAclEntry[] {
  return list.entries.filter((entry) => entry.direction === direction && entry.family === family);
}

function listName({ id }: NetworkAcl, direction: Direction): string {
  return `${id}-${direction === 'ingress' ? 'in' : 'out'}`;
}

function listChains(list: NetworkAcl, direction: Direction): Chain[] {
  const name = listName(list, direction);
  const stage = direction === 'ingress' ? 'nacl-inbound' : 'nacl-outbound';
  const byFamily = Object.keys(FAMILIES).map((family) => `${family} : goto ${name}-${family}`);
  return [
    ...(['ipv4', 'ipv6'] as const).map((family) =>
      chain(`${name}-${family}`, [
        ...entriesOf(list, direction, family).map((entry) => {
          const verdict = entry.action === 'allow' ? 'return' : denied(stage, entryId(list, entry.number));
          return [...conditions(entry), verdict].join(' ');
        }),
        denied(stage, entryId(list, ANYTHING_ELSE)),
      ]),
    ),
    chain(name, [`meta nfproto vmap { ${byFamily.join(', ')} }`]),
  ];
}

/** Inbound entries match the source, outbound ones the destination; both match the destination port. */
function conditions(entry: NetworkAclEntry): string[] {
  const address = `${FAMILIES[entry.family]} ${entry.direction === 'ingress' ? 'saddr' : 'daddr'} ${entry.cidr}`;
  return [...(isEverywhere(entry) ? [] : [address]), ...traffic(entry)];
}

function traffic({ protocol, fromPort, toPort, family }: NetworkAclEntry): string[] {
  if (protocol === '-1') return [];
  if (protocol === 'tcp' || protocol === 'udp') {
    const ports = fromPort === toPort ? fromPort : `${fromPort}-${toPort}`;
    return fromPort === 0 && toPort === 65535 ? [`meta l4proto ${protocol}`] : [`${protocol} dport ${ports}`];
  }
  if (protocol !== 'icmp' && protocol !== 'icmpv6') return [`meta l4proto ${protocol}`];
  const isOwn = protocol === (family === 'ipv4' ? 'icmp' : 'icmpv6');
  if (!isOwn || fromPort === -1) return [`meta l4proto ${protocol === 'icmp' ? 'icmp' : 'ipv6-icmp'}`];
  return [`${protocol} type ${fromPort}`, ...(toPort === -1 ? [] : [`${protocol} code ${toPort}`])];
}

function jumps(chains: readonly (readonly [key: string, name: string | null])[]): (readonly [string, string])[] {
  return chains.flatMap(([key, name]) => (name === null ? [] : [[key, `jump ${name}`] as const]));
}

function verdictMap(name: string, type: string, elements: readonly (readonly [string, string])[]): NamedSet {
  const entries = elements.map(([key, value]) => [key, { value, comment: null }] as const);
  return { name, type, data: 'verdict', flags: [], counter: false, elements: new Map(entries) };
}
