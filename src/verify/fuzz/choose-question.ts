/** A history asks about any packet at all or, more often, about one that a current rule concerns. */
import type { Choices } from '../../changes/choices.js';
import { addressesOf, peerCidrs } from '../../cloud/groups/members.js';
import type { Family, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { cidrContains, parseAddress, parseCidr } from '../../cloud/network/cidr.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';

const PROBED_PORTS = [22, 80, 81, 53] as const;

type Traffic = Pick<ProbeSpec, 'protocol' | 'port' | 'icmpType' | 'icmpCode'>;

/** The name of an end, and its addresses of one family. */
interface End {
  readonly word: string;
  readonly addresses: readonly string[];
}

/** The next question; null if nothing can be asked. */
export function chooseQuestion(cloud: Cloud, choices: Choices): ProbeSpec | null {
  const aimed = choices.number(4) === 0 ? null : aimedQuestion(cloud, choices);
  return aimed ?? anyQuestion(cloud, choices);
}

/** A packet between an interface and a peer of one of its rules, of the rule's traffic or just beside it. */
function aimedQuestion(cloud: Cloud, choices: Choices): ProbeSpec | null {
  const eni = choices.of(Object.values(cloud.networkInterfaces));
  const direction = choices.number(4) === 0 ? 'egress' : 'ingress';
  const rules = (eni?.groupIds ?? []).flatMap((id) => byId(cloud.securityGroups, id).rules);
  const rule = choices.of(rules.filter((each) => each.direction === direction));
  const block = rule === undefined ? undefined : choices.of(peerCidrs(cloud, rule));
  if (eni === undefined || rule === undefined || block === undefined) return null;
  const cidr = parseCidr(block);
  const family = cidr.family;
  if (addressesOf(eni, family).length === 0) return null;
  const own = interfaceName(cloud, eni.id);
  const isMeant = ({ word, addresses }: End) =>
    word !== own && addresses.some((address) => cidrContains(cidr, parseAddress(address)));
  const other = choices.of(endsOf(cloud, family).filter(isMeant))?.word;
  if (other === undefined) return null;
  const ends = direction === 'ingress' ? { from: other, to: own } : { from: own, to: other };
  return { ...ends, family, ...trafficOf(rule, family, choices) };
}

function trafficOf({ protocol, fromPort, toPort }: SecurityGroupRule, family: Family, choices: Choices): Traffic {
  const none = { port: null, icmpType: null, icmpCode: null };
  if (protocol === 'tcp' || protocol === 'udp') {
    const [first, last] = [fromPort ?? 0, toPort ?? 65_535];
    const served = PROBED_PORTS.filter((port) => first <= port && port <= last);
    const edges = [first - 1, first, last, last + 1].filter((port) => port >= 1 && port <= 65_535);
    return { ...none, protocol, port: choices.of([...served, ...served, ...edges]) ?? 80 };
  }
  if (protocol === (family === 'ipv4' ? 'icmp' : 'icmpv6')) return echo(family, choices.number(3) === 2 ? 1 : 0);
  return protocol === '47' ? { ...none, protocol } : anyTraffic(family, choices);
}

function anyQuestion(cloud: Cloud, choices: Choices): ProbeSpec | null {
  const outer = Object.keys(cloud.externalHosts);
  const isExternal = ({ word }: End) => outer.includes(word);
  const family = choices.number(4) === 3 ? 'ipv6' : 'ipv4';
  const ends = endsOf(cloud, family);
  const from = choices.of(ends);
  const to = choices.of([...ends, ...(family === 'ipv4' ? publicEnds(cloud) : [])]);
  if (from === undefined || to === undefined || from.word === to.word || (isExternal(from) && isExternal(to)))
    return null;
  const traffic = anyTraffic(family, choices);
  // A machine may reach itself by its own public address: without ports its packet cannot be told from the answer.
  if (to.word === publicWord(from.word) && traffic.port === null) return null;
  return { from: from.word, to: to.word, family, ...traffic };
}

function anyTraffic(family: Family, choices: Choices): Traffic {
  const none = { port: null, icmpType: null, icmpCode: null };
  const kind = choices.number(8);
  if (kind < 4) return { ...none, protocol: 'tcp', port: choices.of(PROBED_PORTS) ?? 80 };
  if (kind < 6) return { ...none, protocol: 'udp', port: choices.of(PROBED_PORTS) ?? 53 };
  return kind === 6 ? echo(family, 0) : { ...none, protocol: '47' };
}

function echo(family: Family, icmpCode: number): Traffic {
  const [protocol, icmpType] = family === 'ipv4' ? ['icmp', 8] : ['icmpv6', 128];
  return { protocol, port: null, icmpType, icmpCode };
}

/** All ends with an address of the family; secondary addresses are ends of their own. */
function endsOf(cloud: Cloud, family: Family): End[] {
  const interfaces = Object.values(cloud.networkInterfaces).flatMap((eni): End[] => {
    const addresses = addressesOf(eni, family).map((address) => [address]);
    const [first, ...others] = addresses;
    if (first === undefined) return [];
    const secondary = others.flatMap((each) => each.map((word) => ({ word, addresses: [word] })));
    return [{ word: interfaceName(cloud, eni.id), addresses: first }, ...secondary];
  });
  const external = Object.values(cloud.externalHosts).map(({ name, addresses }): End => {
    return { word: name, addresses: addresses.filter((each) => parseAddress(each).family === family) };
  });
  return [...interfaces, ...external].filter(({ addresses }) => addresses.length > 0);
}

function publicEnds(cloud: Cloud): End[] {
  return Object.values(cloud.networkInterfaces).flatMap(({ id, publicIp }) =>
    publicIp === null ? [] : [{ word: publicWord(interfaceName(cloud, id)), addresses: [publicIp] }],
  );
}

function publicWord(name: string): string {
  return `${name}.public`;
}
