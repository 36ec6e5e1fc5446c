import { derive } from '../cloud/derive.js';
import { familiesOf } from '../cloud/groups/members.js';
import type { Direction, Family } from '../cloud/groups/types.js';
import {
  alwaysTrackedInterfaces,
  type KindTraits,
  kindOfInterface,
  traitsOfInterface,
} from '../cloud/instances/kinds.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import {
  alwaysTrackedSets,
  hasTrackedRoutes,
  TRACK_BY_ROUTE,
  trackAlways,
  trackedRouteSets,
} from './always-tracked.js';
import { admitAll, type Judgement, judge, verdicts } from './direction.js';
import { DHCP_ANSWER, DHCP_REQUEST, exemptSets, LINK_DESTINATION, LINK_SOURCE, MEMBERSHIP_NOISE } from './exempt.js';
import { GUEST, MARK_FROM_GUEST, MARK_FROM_UPLINK, UPLINK } from './names.js';
import { type Path, pathMacAddress, pathMark, pathsOf } from './paths.js';
import { effectiveRules, memberSets } from './rules.js';
import { type Chain, chain, drop, type NamedSet, namedSet, type Ruleset, type Table } from './ruleset.js';
import { BY_ADDRESS_PAIR, type TrackingOptions, tracking, trackingSets } from './tracking.js';

const FROM_GUEST = `0x${MARK_FROM_GUEST.toString(16)}`;
const FROM_UPLINK = `0x${MARK_FROM_UPLINK.toString(16)}`;

/**
 * The ruleset of a network interface's card: its security groups and its source/destination check, out of the
 * instance's sight. It must be loaded in one transaction when the links `guest` and `uplink` exist and before traffic
 * can flow. A change of rules makes only that part anew that they are in.
 * @throws SglabError `NotFound` for an interface that the cloud does not have
 */
export function cardRuleset(cloud: Cloud, interfaceId: string): Ruleset {
  const frame = derive(cloud, `frame of card ${interfaceId}`, (now) => cardFrame(now, interfaceId));
  const { sets, chains } = derive(cloud, frame.groups.key, (now) => groupParts(now, frame.groups));
  const table: Table = {
    family: 'inet',
    name: 'sg',
    sets: [...frame.sets, ...sets],
    chains: [...frame.before, ...chains, ...frame.after],
  };
  return { tables: [frame.port, table] };
}

/** All of a card's ruleset but its security groups. */
interface CardFrame {
  readonly port: Table;
  readonly sets: readonly NamedSet[];
  /** Chains before those of the groups, and after them. */
  readonly before: readonly Chain[];
  readonly after: readonly Chain[];
  readonly groups: GroupsOfCard;
}

/** What the rules of its groups depend on besides the rules. */
interface GroupsOfCard {
  /** The same for interfaces whose rules are the same. */
  readonly key: string;
  readonly vpcId: string;
  readonly traits: KindTraits;
  readonly families: readonly Family[];
  readonly networkInterface: NetworkInterface;
}

function cardFrame(cloud: Cloud, interfaceId: string): CardFrame {
  const networkInterface = byId(cloud.networkInterfaces, interfaceId);
  const subnet = byId(cloud.subnets, networkInterface.subnetId);
  const paths = pathsOf(cloud, subnet.vpcId);
  // An interface without IPv6 gets no rules for it, which would be nearly half of the ruleset: all IPv6 is dropped.
  const families = familiesOf(networkInterface);
  const kinds = [kindOfInterface(cloud, networkInterface), ...families];
  return {
    port: portTable(networkInterface, paths),
    sets: [
      ...families.flatMap((family) => [ownAddresses(networkInterface, family), ...exemptSets(cloud, subnet, family)]),
      ...trackingSets(families),
      ...trackedRouteSets(cloud, networkInterface.subnetId),
    ],
    before: prerouting(networkInterface, paths),
    after: tracking(trackingOptions(cloud, networkInterface, paths)),
    groups: {
      key: ['group parts', subnet.vpcId, ...kinds, ...networkInterface.groupIds].join(' '),
      vpcId: subnet.vpcId,
      traits: traitsOfInterface(cloud, networkInterface),
      families,
      networkInterface,
    },
  };
}

/**
 * Writes a packet's origin into its mark at the port, because both devices are the bridge itself in the forward hook of
 * a bridge. Only IP and ARP pass: br_netfilter does not show tagged or PPPoE frames to the rules.
 */
function portTable({ privateIpAddresses }: NetworkInterface, paths: readonly Path[]): Table {
  const ingress = (port: string): string => `type filter hook ingress device "${port}" priority 0; policy drop;`;
  const frames = (arp: string): string => `ether type vmap { ip : accept, ip6 : accept, arp : ${arp} }`;
  const own = privateIpAddresses.join(', ');
  const marks = paths.map((path) => `${pathMacAddress(path)} : ${pathMark(path)}`);
  return {
    family: 'netdev',
    name: 'port',
    sets: [],
    chains: [
      chain('arp-from-guest', [...(own === '' ? [] : [`arp saddr ip { ${own} } accept`]), 'drop']),
      chain('from-guest', [`meta mark set ${FROM_GUEST}`, frames('goto arp-from-guest')], ingress(GUEST)),
      chain(
        'from-uplink',
        [
          `meta mark set ${FROM_UPLINK}`,
          ...(paths.length === 0 ? [] : [`meta mark set ether saddr map { ${marks.join(', ')} }`]),
          frames('accept'),
        ],
        ingress(UPLINK),
      ),
    ],
  };
}

function ownAddresses({ privateIpAddresses, ipv6Addresses }: NetworkInterface, family: Family): NamedSet {
  return family === 'ipv4'
    ? namedSet('own4', 'ipv4_addr', privateIpAddresses)
    : namedSet('own6', 'ipv6_addr', ipv6Addresses);
}

function trackingOptions(cloud: Cloud, networkInterface: NetworkInterface, paths: readonly Path[]): TrackingOptions {
  const { connectionTracking, instanceId } = networkInterface;
  return {
    families: familiesOf(networkInterface),
    uplinkMarks: uplinkMarks(paths),
    udpStreamTimeout: connectionTracking.udpStreamTimeout,
    connectionAllowance: cloud.instances[instanceId]?.connectionAllowance ?? null,
    icmpErrors: cloud.icmpErrors,
  };
}

/**
 * The common parts of interfaces with the same groups, built once for all of them because they are nearly all of the
 * work.
 */
function groupParts(cloud: Cloud, groups: GroupsOfCard): Pick<Table, 'sets' | 'chains'> {
  const { vpcId, traits, families, networkInterface } = groups;
  const around = derive(cloud, `around the groups of ${vpcId}`, (now) => aroundGroups(now, vpcId));
  const rulesOf = (direction: Direction) =>
    traits[direction] === 'rules' ? effectiveRules(cloud, networkInterface, direction) : [];
  const rules = { ingress: rulesOf('ingress'), egress: rulesOf('egress') };
  const judged = (direction: Direction, family: Family): Judgement => {
    if (traits[direction] === 'open') return admitAll(direction, family);
    const reverse = traits.alwaysTracked ? [] : rules[direction === 'ingress' ? 'egress' : 'ingress'];
    const traffic = { direction, family, rules: rules[direction], reverse };
    return judge(cloud, traffic, direction === 'ingress' ? around.paths : []);
  };
  const judgements = families.flatMap((family) => [judged('egress', family), judged('ingress', family)]);
  return {
    sets: [
      ...around.sets,
      ...families.flatMap((family) => memberSets(cloud, vpcId, [...rules.ingress, ...rules.egress], family)),
      ...judgements.flatMap(({ sets }) => sets),
    ],
    chains: [...around.chains, ...uniqueByName(judgements.flatMap(({ chains }) => chains))],
  };
}

interface AroundGroups extends Pick<Table, 'sets' | 'chains'> {
  readonly paths: readonly Path[];
}

/** What all groups of a VPC share: whose flows are tracked whatever the rules are, and what follows a rule's verdict. */
function aroundGroups(cloud: Cloud, vpcId: string): AroundGroups {
  const paths = pathsOf(cloud, vpcId);
  const always = alwaysTrackedInterfaces(cloud, vpcId);
  const track = (direction: Direction) => (always.length > 0 ? trackAlways(direction) : []);
  const byRoute = hasTrackedRoutes(cloud, vpcId) ? TRACK_BY_ROUTE : [];
  return {
    paths,
    sets: alwaysTrackedSets(always),
    chains: [
      ...verdicts('egress', [], [...track('egress'), ...byRoute]),
      ...verdicts('ingress', paths, track('ingress')),
    ],
  };
}

/**
 * The chains before connection tracking: protocols that AWS tracks by address pair bypass it, and the
 * source/destination check keeps foreign packets from making an entry: the interface sends from its own addresses and
 * receives for them (S103).
 */
function prerouting(networkInterface: NetworkInterface, paths: readonly Path[]): Chain[] {
  const hook = 'type filter hook prerouting priority raw; policy accept;';
  if (!networkInterface.sourceDestCheck) return [chain('prerouting', [BY_ADDRESS_PAIR], hook)];
  const rest = [...MEMBERSHIP_NOISE, drop('source-dest-check')];
  const checks = [
    `${FROM_GUEST} : goto check-source`,
    ...uplinkMarks(paths).map((mark) => `${mark} : goto check-destination`),
  ];
  const own = (side: string): string[] =>
    familiesOf(networkInterface).map((family) =>
      family === 'ipv4' ? `ip ${side} @own4 accept` : `ip6 ${side} @own6 accept`,
    );
  return [
    chain('check-source', [
      ...own('saddr'),
      `ip saddr 0.0.0.0 ${DHCP_REQUEST} accept`,
      `${LINK_SOURCE} accept`,
      ...rest,
    ]),
    chain('check-destination', [...own('daddr'), `${DHCP_ANSWER} accept`, `${LINK_DESTINATION} accept`, ...rest]),
    chain('prerouting', [BY_ADDRESS_PAIR, `meta mark vmap { ${checks.join(', ')} }`], hook),
  ];
}

/** The marks of packets that come from the VPC, by whatever path. */
function uplinkMarks(paths: readonly Path[]): string[] {
  return [FROM_UPLINK, ...paths.map(pathMark)];
}

/** Removes duplicates: a rule for every protocol leads all classes of packets to the same chain. */
function uniqueByName(chains: readonly Chain[]): Chain[] {
  return [...new Map(chains.map((item) => [item.name, item])).values()];
}
