import type { PrefixList, SecurityGroupRule } from '../../cloud/groups/types.js';
import { entryText } from '../../cloud/network/network-acl.js';
import type { NetworkAclEntry, Route } from '../../cloud/network/types.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { RecordChange } from './types.js';

type Entries = Readonly<Record<string, unknown>>;

/** Members that count something and matter to nobody. */
const COUNTERS: ReadonlySet<string> = new Set(['serial']);

/** The records that differ between two states of a lab. @param before null: there was none */
export function cloudDifference(before: Cloud | null, after: Cloud): RecordChange[] {
  return Object.keys(after).flatMap((kind) => {
    if (COUNTERS.has(kind)) return [];
    const [one, other] = [memberOf(before, kind), memberOf(after, kind)];
    if (one === other) return [];
    const clouds = { before: before ?? after, after };
    // A member that is no record of things by id is one thing of its own.
    if (!isRecords(other)) return changeOf({ kind, id: kind, before: one ?? null, after: other }, clouds);
    const old: Entries = isRecords(one) ? one : {};
    const ids = [...new Set([...Object.keys(old), ...Object.keys(other)])];
    return ids.flatMap((id) => changeOf({ kind, id, before: old[id] ?? null, after: other[id] ?? null }, clouds));
  });
}

function memberOf(cloud: Cloud | null, kind: string): unknown {
  return cloud === null ? undefined : (cloud as unknown as Entries)[kind];
}

function isRecords(value: unknown): value is Entries {
  return isObject(value) && Object.values(value).every(isObject);
}

function isObject(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changeOf(
  { kind, id, before: one, after: other }: Omit<RecordChange, 'words'>,
  clouds: { readonly before: Cloud; readonly after: Cloud },
): RecordChange[] {
  if (isSame(one, other)) return [];
  const { before, after } =
    isObject(one) && isObject(other) ? membersThatDiffer(one, other) : { before: one, after: other };
  if (isObject(before) && isObject(after) && Object.keys(before).length + Object.keys(after).length === 0) return [];
  const words = differenceText({ kind, id, before, after }, clouds.before, clouds.after);
  return [{ kind, id, before, after, words }];
}

function membersThatDiffer(one: Entries, other: Entries): { before: Entries; after: Entries } {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [was, is] = [one[key], other[key]];
    if (isSame(was, is)) continue;
    if (!Array.isArray(was) || !Array.isArray(is)) {
      if (was !== undefined) before[key] = was;
      if (is !== undefined) after[key] = is;
      continue;
    }
    const [gone, come] = [without(was, is), without(is, was)];
    if (gone.length > 0) before[key] = gone;
    if (come.length > 0) after[key] = come;
  }
  return { before, after };
}

function without(elements: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return elements.filter((each) => !known.has(JSON.stringify(each)));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** `securityGroups` is what the cloud calls them. */
const KINDS: Readonly<Record<string, string>> = {
  vpcs: 'VPC',
  subnets: 'subnet',
  routeTables: 'route table',
  internetGateways: 'internet gateway',
  networkAcls: 'network ACL',
  peerings: 'peering',
  gatewayEndpoints: 'gateway endpoint',
  transitGateways: 'transit gateway',
  securityGroups: 'security group',
  prefixLists: 'prefix list',
  instances: 'instance',
  networkInterfaces: 'interface',
  stoppedInstances: 'stopped instance',
  idleInterfaces: 'interface without a card',
  elasticIps: 'Elastic IP address',
  flowLogs: 'flow log',
  externalHosts: 'machine on the internet',
  tags: 'tags of',
};

/** @param before the state that ids of `before` belong to; `after` that of `after` */
function differenceText(
  { kind, id, before: was, after: is }: Omit<RecordChange, 'words'>,
  before: Cloud,
  after: Cloud,
): string[] {
  const title = titleOf(kind, id, is === null ? before : after);
  if (was === null) return [`+ ${title}`, ...membersOf(is).flatMap(([key, value]) => listText('+', key, value, after))];
  if (is === null) return [`- ${title}`];
  const removed = membersOf(was).map(([key, value]) => ({ sign: '-', key, value, cloud: before }));
  const added = membersOf(is).map(([key, value]) => ({ sign: '+', key, value, cloud: after }));
  return [...removed, ...added].flatMap(({ sign, key, value, cloud }) => {
    const elements = Array.isArray(value) ? value : [value];
    return elements.map((each) => `${sign} ${title}: ${elementText(key, each, cloud)}`);
  });
}

/** A new record is listed with the traffic that it lets pass, and with nothing else. */
function listText(sign: string, key: string, value: unknown, cloud: Cloud): string[] {
  if ((key !== 'rules' && key !== 'entries') || !Array.isArray(value)) return [];
  return value.map((each) => `${sign}   ${elementText(key, each, cloud)}`);
}

function elementText(key: string, value: unknown, cloud: Cloud): string {
  if (key === 'rules' && isRule(value)) return described(ruleText(cloud, value), value.description);
  if (key === 'entries' && isEntry(value)) {
    return `${value.direction === 'ingress' ? 'inbound' : 'outbound'} ${value.number} ${entryText(value)}`;
  }
  if (key === 'entries' && isBlock(value)) return described(`entry ${value.cidr}`, value.description);
  if (key === 'routes' && isRoute(value)) return routeText(value, cloud);
  return `${memberText(key)} ${named(value, cloud)}`;
}

/** `10.1.0.0/16 via peering pcx-0123` */
function routeText({ destination, target }: Route, cloud: Cloud): string {
  const to = destination.type === 'cidr' ? destination.cidr : named(destination.prefixListId, cloud);
  const { type, ...ids } = target;
  const via = [type.replaceAll('-', ' '), ...Object.values(ids).map((id) => named(id, cloud))];
  return `${to} via ${via.join(' ')}`;
}

function described(words: string, description: string | null): string {
  return description === null ? words : `${words} "${description}"`;
}

function isRule(value: unknown): value is SecurityGroupRule {
  return isObject(value) && 'peer' in value && 'direction' in value;
}

function isRoute(value: unknown): value is Route {
  return isObject(value) && 'destination' in value && 'target' in value;
}

function isEntry(value: unknown): value is NetworkAclEntry {
  return isObject(value) && 'action' in value && 'direction' in value;
}

function isBlock(value: unknown): value is PrefixList['entries'][number] {
  return isObject(value) && 'cidr' in value && 'description' in value;
}

/** `groupIds` → `group ids`. */
function memberText(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A value as JSON, without its quotation marks where it is a word, and with the names of what it means. */
function named(value: unknown, cloud: Cloud): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/\b[a-z]+-[0-9a-f]{17}\b/g, (id) => {
    const name = nameOf(id, cloud);
    return name === null || name === id ? id : `${id} (${name})`;
  });
}

function titleOf(kind: string, id: string, cloud: Cloud): string {
  const word = KINDS[kind];
  if (word === undefined) return kind === id ? memberText(kind) : `${memberText(kind)} ${id}`;
  return `${word} ${nameOf(id, cloud) ?? id}`;
}

function nameOf(id: string, cloud: Cloud): string | null {
  for (const records of Object.values(cloud) as unknown[]) {
    const record = isObject(records) && Object.hasOwn(records, id) ? records[id] : undefined;
    if (isObject(record) && typeof record.name === 'string') return record.name;
  }
  const eni = cloud.networkInterfaces[id];
  return eni === undefined ? null : `${cloud.instances[eni.instanceId]?.name ?? eni.instanceId}.eth${eni.deviceIndex}`;
}

function membersOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [['', value]];
}
