/** Which cells of the reachability matrix are asked for, before and after a change: as few as can turn. */
import { servedTraffic } from '../../cloud/instances/listener.js';
import type { Instance } from '../../cloud/instances/types.js';
import { findById } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';

export interface Asked {
  readonly machines: readonly string[];
  readonly questions: readonly string[];
  /** The number of machines of the lab of which these are some; null: they are all, or nothing is asked. */
  readonly outOf: number | null;
}

/** A larger lab is asked of two of each kind of alike machines: the model takes a moment for every pair. */
const MAX_MACHINES = 24;
const MAX_ASKED = 48;
const MAX_QUESTIONS = 6;

/** @param changed the machine that the change is about, if it is one: it is never left out */
export function askedOf(cloud: Cloud, questions: readonly string[], changed: string | null = null): Asked {
  // A change of words turns nothing, and is still rehearsed: the lab may refuse it.
  if (questions.length === 0) return { machines: [], questions: ['icmp'], outOf: null };
  const all = Object.keys(cloud.externalHosts).length + senders(cloud).length;
  const machines = [...new Set([...(changed === null ? [] : [changed]), ...askedMachines(cloud)])];
  return { machines, questions, outOf: machines.length < all ? all : null };
}

/** All machines, or two of each kind where they are many: one alone would not show what its kind sends itself. */
function askedMachines(cloud: Cloud): readonly string[] {
  const instances = senders(cloud);
  const hosts = Object.keys(cloud.externalHosts);
  if (instances.length + hosts.length <= MAX_MACHINES) return [...hosts, ...instances.map(({ name }) => name)];
  const seen = new Map<string, number>();
  const alike = instances.filter((instance) => {
    const kind = likeness(cloud, instance);
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count <= 2;
  });
  return [...hosts, ...alike.map(({ name }) => name)].slice(0, MAX_ASKED);
}

function senders({ instances }: Cloud): readonly Instance[] {
  return Object.values(instances).filter(({ kind }) => kind !== 'nat-gateway');
}

/** What a preview that left machines out says of it; null where it left none out. */
export function limitText({ machines, outOf }: Asked): string | null {
  if (outOf === null) return null;
  return `The lab has ${outOf} machines; cells between ${machines.length} of them are shown, two of each kind that has the same subnets, groups and servers.`;
}

/** Equal for machines in the same subnets with the same groups and servers. */
function likeness(cloud: Cloud, { kind, listen, interfaceIds }: Instance): string {
  const interfaces = interfaceIds.map((id) => {
    const eni = findById(cloud.networkInterfaces, id);
    return [eni?.subnetId, [...(eni?.groupIds ?? [])].sort(), eni?.publicIp != null, eni?.ipv6Addresses.length];
  });
  return JSON.stringify([kind, listen, interfaces]);
}

interface Ports {
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

/** The traffic that the rules are about: what is served of it, and the first port of each. */
export function askedQuestions(cloud: Cloud, rules: readonly Ports[]): readonly string[] {
  const served = servedTraffic(cloud).filter((traffic) => rules.some((rule) => covers(rule, traffic)));
  const own = rules.map(firstOf);
  return [...new Set([...own, ...served])].slice(0, MAX_QUESTIONS);
}

/** What a change can turn that is about no port. */
export function servedQuestions(cloud: Cloud): readonly string[] {
  return [...new Set(['icmp', ...servedTraffic(cloud)])].slice(0, MAX_QUESTIONS);
}

function covers({ protocol, fromPort, toPort }: Ports, traffic: string): boolean {
  const [name, port] = traffic.split('/');
  if (protocol === '-1') return true;
  if (protocol !== name) return false;
  return port === undefined || ((fromPort ?? 0) <= Number(port) && Number(port) <= (toPort ?? 65_535));
}

function firstOf({ protocol, fromPort, toPort }: Ports): string {
  if (protocol === '-1') return 'icmp';
  if (fromPort === null) return protocol;
  if (protocol === 'tcp' || protocol === 'udp') return `${protocol}/${fromPort}`;
  return fromPort === -1 ? protocol : `${protocol}/${fromPort}/${Math.max(toPort ?? 0, 0)}`;
}
