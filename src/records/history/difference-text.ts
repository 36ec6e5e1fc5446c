/** Changes of records as people say them. */

import type { PrefixList, SecurityGroupRule } from '../../cloud/groups/types.js';
import { entryText } from '../../cloud/network/network-acl.js';
import type { NetworkAclEntry, Route } from '../../cloud/network/types.js';
import { ruleText } from '../../cloud/text/rule-text.js';
import type { Cloud } from '../../cloud/types.js';
import type { RecordChange } from './types.js';

type Members = Readonly<Record<string, unknown>>;

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
export function differenceText(
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

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
