/** SGA001 to SGA005: rules that admit the whole world. */

import { groupInterfaces } from '../../cloud/groups/members.js';
import type { SecurityGroup } from '../../cloud/groups/types.js';
import { kindOfInterface } from '../../cloud/instances/kinds.js';
import { byId } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { FindingKind } from './catalogue.js';
import { ADMIN_PORTS, DATABASE_PORTS, type KnownPort, RDP_PORTS, SSH_PORTS } from './ports.js';
import { admitsPort, eachRule, portCount, type RuleOfGroup, sampleTraffic, worldBlocks } from './rule-coverage.js';
import type { Finding } from './types.js';

/** A port that no known service uses: a rule that admits it admits everything. */
const ARBITRARY = 'tcp/4242';

interface OpenService {
  readonly kind: FindingKind;
  readonly ports: readonly KnownPort[];
  readonly remedy: string;
}

const SERVICES: readonly OpenService[] = [
  {
    kind: 'ssh-open',
    ports: SSH_PORTS,
    remedy: 'Allow it only from the addresses of administrators, or use an EC2 Instance Connect Endpoint',
  },
  {
    kind: 'rdp-open',
    ports: RDP_PORTS,
    remedy: 'Allow it only from the addresses of administrators, or by way of a bastion host',
  },
  {
    kind: 'database-open',
    ports: DATABASE_PORTS,
    remedy: "Allow it only from the security group of the database's clients",
  },
  { kind: 'admin-open', ports: ADMIN_PORTS, remedy: 'Allow it only from the addresses or groups that need it' },
];

export function openToWorld(cloud: Cloud): Finding[] {
  return eachRule(cloud, 'ingress')
    .filter(({ rule }) => worldBlocks(cloud, rule).length > 0)
    .flatMap((each) => [
      ...allTraffic(cloud, each),
      ...SERVICES.flatMap((service) => openService(cloud, each, service)),
    ]);
}

function allTraffic(cloud: Cloud, { group, rule }: RuleOfGroup): Finding[] {
  if (rule.protocol !== '-1') return [];
  return [
    {
      kind: 'all-from-anywhere',
      groupId: group.id,
      rule,
      explanation: `${group.name} lets in every protocol and port from ${worldText(cloud, rule)}`,
      remedy: 'Replace it with one rule for each port that the world needs',
      claim: { type: 'passes', groupId: group.id, rule, traffic: ARBITRARY, outside: true },
    },
  ];
}

function openService(cloud: Cloud, { group, rule }: RuleOfGroup, { kind, ports, remedy }: OpenService): Finding[] {
  const open = ports.filter(({ protocol, port }) => admitsPort(rule, protocol, port));
  const chosen = open.find((each) => isServed(cloud, group.id, each)) ?? open[0];
  if (chosen === undefined) return [];
  const services = [...new Set(open.map(({ service }) => service))].join(', ');
  const traffic = `${chosen.protocol}/${chosen.port}`;
  const hidden = rule.protocol === '-1' || portCount(rule) > 1 ? `, hidden in "${ruleText(cloud, rule)}"` : '';
  return [
    {
      kind,
      groupId: group.id,
      rule,
      explanation: `${group.name} lets in ${services} (${portsText(open)}) from ${worldText(cloud, rule)}${hidden}`,
      remedy,
      claim: { type: 'passes', groupId: group.id, rule, traffic, outside: true },
    },
  ];
}

/** Formats `0.0.0.0/0`, or `0.0.0.0/0 of prefix list everybody`. */
function worldText(cloud: Cloud, rule: RuleOfGroup['rule']): string {
  const blocks = worldBlocks(cloud, rule).map(({ text }) => text);
  const { peer } = rule;
  const list = peer.type === 'prefix-list' ? ` of prefix list ${byId(cloud.prefixLists, peer.prefixListId).name}` : '';
  return `${blocks.join(' and ')}${list}`;
}

function portsText(ports: readonly KnownPort[]): string {
  const [first, second, third, ...more] = ports.map(({ protocol, port }) => `${protocol}/${port}`);
  const named = [first, second, third].filter((each) => each !== undefined).join(', ');
  return more.length === 0 ? named : `${named} and ${more.length} more`;
}

function isServed(cloud: Cloud, groupId: string, { protocol, port }: KnownPort): boolean {
  return groupInterfaces(cloud, groupId).some((eni) =>
    byId(cloud.instances, eni.instanceId).listen.some(
      (listener) => listener.protocol === protocol && listener.port === port,
    ),
  );
}

/** More ports than those of one database. */
const FEW_PORTS = 10;

export function databaseEgress(cloud: Cloud): Finding[] {
  return eachRule(cloud, 'egress')
    .filter(({ group, rule }) => isWide(cloud, rule) && isOfDatabase(cloud, group))
    .map(({ group, rule }) => ({
      kind: 'database-egress',
      groupId: group.id,
      rule,
      explanation: `${group.name} is a database's group, and "${ruleText(cloud, rule)}" lets it connect to anybody`,
      remedy: 'Remove it: answers to clients leave without a rule',
      claim: { type: 'passes', groupId: group.id, rule, traffic: sampleTraffic(rule, [443]), outside: true },
    }));
}

function isWide(cloud: Cloud, rule: SecurityGroup['rules'][number]): boolean {
  return worldBlocks(cloud, rule).length > 0 && (rule.protocol === '-1' || portCount(rule) > FEW_PORTS);
}

/** A group is a database's if a managed database has it, or if it admits a database's port and little else. */
function isOfDatabase(cloud: Cloud, group: SecurityGroup): boolean {
  if (groupInterfaces(cloud, group.id).some((eni) => kindOfInterface(cloud, eni) === 'rds')) return true;
  return group.rules.some(
    (rule) =>
      rule.direction === 'ingress' &&
      portCount(rule) > 0 &&
      portCount(rule) <= FEW_PORTS &&
      DATABASE_PORTS.some(({ protocol, port }) => admitsPort(rule, protocol, port)),
  );
}
