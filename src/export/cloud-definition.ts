import type { RuleDefinition } from '../changes/schema-parts.js';
import { DEFAULT_QUOTAS } from '../cloud/create-cloud.js';
import { managedPrefixLists } from '../cloud/groups/prefix-list.js';
import type { Direction, PrefixList, SecurityGroup, SecurityGroupRule } from '../cloud/groups/types.js';
import { listenerText } from '../cloud/instances/listener.js';
import type { ExternalHost, Instance } from '../cloud/instances/types.js';
import { DEFAULT_CONNECTION_TRACKING } from '../cloud/interfaces/connection-tracking.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import type { Subnet } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { Names } from '../import/names.js';
import { trafficDefinition } from '../import/traffic.js';
import type { ScenarioDefinition } from '../scenario/schema.js';
import type {
  InstanceDefinition,
  InterfaceDefinition,
  SecurityGroupDefinition,
  VpcDefinition,
} from '../scenario/schema-topology.js';
import { defineAssumptions } from './cloud-assumptions.js';
import { defineCloudAcls, defineCloudRoutes, isPublicTable, ownId, tableName } from './cloud-tables.js';
import { notRunning } from './not-running.js';

export interface ExportedDefinition {
  readonly definition: ScenarioDefinition;
  /** Parts of the cloud that the scenario format, or this export, cannot express: one sentence each. */
  readonly notExported: readonly string[];
}

const PLAIN_KINDS: readonly string[] = ['ec2', 'rds', 'lambda'];

/** A definition that builds the same cloud, up to its ids. */
export function cloudDefinition(cloud: Cloud): ExportedDefinition {
  const machines = Object.values(cloud.instances);
  const other = machines.filter(({ kind }) => !PLAIN_KINDS.includes(kind) && kind !== 'nat-gateway');
  const endpoints = Object.values(cloud.gatewayEndpoints);
  const securityGroups = defineCloudGroups(cloud);
  const definition: ScenarioDefinition = {
    name: cloud.name,
    ...quotasPart(cloud),
    ...(cloud.icmpErrors === 'rules' ? {} : { icmpErrors: cloud.icmpErrors }),
    vpcs: named(Object.values(cloud.vpcs), (vpc) => defineVpc(cloud, vpc.id)),
    prefixLists: named(ownLists(cloud), definePrefixList),
    routeTables: defineCloudRoutes(cloud),
    natGateways: named(
      machines.filter(({ kind }) => kind === 'nat-gateway'),
      (machine) => defineNatGateway(cloud, machine),
    ),
    peerings: named(Object.values(cloud.peerings), ({ requesterVpcId, accepterVpcId, status, dnsResolution }) => ({
      between: [byId(cloud.vpcs, requesterVpcId).name, byId(cloud.vpcs, accepterVpcId).name],
      ...(status === 'active' ? {} : { status }),
      ...(dnsResolution.requester && dnsResolution.accepter ? { dnsResolution: true } : {}),
    })),
    transitGateways: named(Object.values(cloud.transitGateways), ({ attachments, securityGroupReferencing }) => ({
      attachments: Object.fromEntries(
        attachments.map((each) => [
          byId(cloud.vpcs, each.vpcId).name,
          each.securityGroupReferencing ? {} : { securityGroupReferencing: false },
        ]),
      ),
      ...(securityGroupReferencing ? { securityGroupReferencing } : {}),
    })),
    networkAcls: defineCloudAcls(cloud),
    securityGroups,
    instances: named(
      machines.filter(({ kind }) => PLAIN_KINDS.includes(kind)),
      (machine) => defineInstance(cloud, machine),
    ),
    internet: named(Object.values(cloud.externalHosts), defineHost),
    assumed: defineAssumptions(cloud, Object.keys(securityGroups)),
  };
  const filled = Object.entries(definition).filter(
    ([key, value]) => key === 'vpcs' || typeof value !== 'object' || Object.keys(value).length > 0,
  );
  return {
    definition: Object.fromEntries(filled) as ScenarioDefinition,
    notExported: [
      ...[...other, ...endpoints].map(
        ({ name }) => `${name}: the export has no words for machines and endpoints of AWS's services`,
      ),
      ...notRunning(cloud),
    ],
  };
}

/** Defines each thing under its name. */
function named<T extends { readonly name: string }, D>(
  things: readonly T[],
  define: (thing: T) => D,
): Record<string, D> {
  return Object.fromEntries(things.map((thing) => [thing.name, define(thing)]));
}

function quotasPart({ quotas }: Cloud): Pick<ScenarioDefinition, 'quotas'> {
  const { rulesPerGroup, groupsPerInterface } = quotas;
  const isUsual =
    rulesPerGroup === DEFAULT_QUOTAS.rulesPerGroup && groupsPerInterface === DEFAULT_QUOTAS.groupsPerInterface;
  return isUsual ? {} : { quotas: { rulesPerGroup, groupsPerInterface } };
}

function defineVpc(cloud: Cloud, vpcId: string): VpcDefinition {
  const vpc = byId(cloud.vpcs, vpcId);
  const { cidrs, ipv6Cidr, internetGatewayId, egressOnlyInternetGatewayId } = vpc;
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpcId);
  return {
    ...ownId(vpc),
    cidr: cidrs.length === 1 ? (cidrs[0] ?? '') : [...cidrs],
    ...(ipv6Cidr === null ? {} : { ipv6Cidr }),
    ...(internetGatewayId !== null ? { internetGateway: true } : {}),
    ...(egressOnlyInternetGatewayId !== null ? { egressOnlyInternetGateway: true } : {}),
    subnets: named(subnets, (subnet) => defineSubnet(cloud, subnet)),
  };
}

function defineSubnet(cloud: Cloud, subnet: Subnet) {
  const { cidr, ipv6Cidr, routeTableId, networkAclId } = subnet;
  const table = routeTableId === null ? undefined : byId(cloud.routeTables, routeTableId);
  const acl = networkAclId === null ? undefined : byId(cloud.networkAcls, networkAclId);
  const isPublic = table !== undefined && isPublicTable(cloud, table);
  return {
    ...ownId(subnet),
    cidr,
    ...(ipv6Cidr === null ? {} : { ipv6Cidr }),
    ...(isPublic ? { public: true } : {}),
    ...(table === undefined || isPublic ? {} : { routeTable: tableName(cloud, table) }),
    ...(acl === undefined ? {} : { networkAcl: acl.name.replace(/^.*\./, '') }),
  };
}

/** AWS's own lists are in every lab and are not exported. */
function ownLists(cloud: Cloud): PrefixList[] {
  const managed = managedPrefixLists(cloud.region);
  return Object.values(cloud.prefixLists).filter(({ id }) => !Object.hasOwn(managed, id));
}

function definePrefixList(list: PrefixList) {
  const { family, maxEntries, entries } = list;
  const words = entries.map(({ cidr, description }) => (description === null ? cidr : { cidr, description }));
  return { ...ownId(list), family, maxEntries, entries: words };
}

function defineNatGateway(cloud: Cloud, { interfaceIds: [id = ''] }: Instance) {
  const { publicIp, privateIpAddresses, subnetId } = byId(cloud.networkInterfaces, id);
  const [privateIp = ''] = privateIpAddresses;
  return { subnet: subnetReference(cloud, subnetId), ...(publicIp === null ? {} : { publicIp }), privateIp };
}

/** The groups of a cloud, with all their rules written down: nothing is left to a default. */
function defineCloudGroups(cloud: Cloud): Record<string, SecurityGroupDefinition> {
  const names = new Names();
  const hasSeveralVpcs = Object.keys(cloud.vpcs).length > 1;
  return Object.fromEntries(
    Object.values(cloud.securityGroups).map((group) => {
      const { name, description, vpcId, associatedVpcIds } = group;
      const vpc = byId(cloud.vpcs, vpcId);
      const twins = Object.values(cloud.securityGroups).filter((other) => other.name === name);
      const key = names.takeText(twins.length > 1 ? `${vpc.name}-${name}` : name);
      const isPlain = description === name || vpc.defaultGroupId === group.id;
      return [
        key,
        {
          ...(key === name ? {} : { name }),
          ...(hasSeveralVpcs ? { vpc: vpc.name } : {}),
          ...(associatedVpcIds.length > 0
            ? { associatedVpcs: associatedVpcIds.map((id) => byId(cloud.vpcs, id).name) }
            : {}),
          ...(isPlain ? {} : { description }),
          ingress: rulesOf(cloud, group, 'ingress'),
          egress: rulesOf(cloud, group, 'egress'),
        },
      ];
    }),
  );
}

function rulesOf(cloud: Cloud, group: SecurityGroup, direction: Direction): RuleDefinition[] {
  return group.rules
    .filter((rule) => rule.direction === direction)
    .map((rule) => ({
      ...trafficDefinition(rule),
      [direction === 'ingress' ? 'from' : 'to']: peerReference(cloud, group, rule),
      ...(rule.description === null ? {} : { description: rule.description }),
    }));
}

function peerReference(cloud: Cloud, group: SecurityGroup, { peer }: SecurityGroupRule): string {
  if (peer.type === 'cidr') return peer.cidr;
  if (peer.type === 'prefix-list') return byId(cloud.prefixLists, peer.prefixListId).name;
  const { name, vpcId } = byId(cloud.securityGroups, peer.groupId);
  return vpcId === group.vpcId ? name : `${byId(cloud.vpcs, vpcId).name}/${name}`;
}

function defineInstance(cloud: Cloud, instance: Instance): InstanceDefinition {
  const { kind, listen, connectionAllowance } = instance;
  const interfaces = instance.interfaceIds.map((id) => defineInterface(cloud, byId(cloud.networkInterfaces, id)));
  const [only, second] = interfaces;
  return {
    ...ownId(instance),
    ...(kind === 'rds' || kind === 'lambda' ? { kind } : {}),
    ...(only !== undefined && second === undefined ? only : { interfaces }),
    ...(listen.length === 0 ? {} : { listen: listen.map(listenerText) }),
    ...(connectionAllowance === null ? {} : { connectionAllowance }),
  };
}

/** Every address by name, so that each is the same again. */
function defineInterface(cloud: Cloud, eni: NetworkInterface): InterfaceDefinition {
  const [privateIp = '', ...secondaryIps] = eni.privateIpAddresses;
  const hasIpv6 = byId(cloud.subnets, eni.subnetId).ipv6Cidr !== null;
  const { connectionTracking, groupIds, publicIp } = eni;
  const isUsual = JSON.stringify(connectionTracking) === JSON.stringify(DEFAULT_CONNECTION_TRACKING);
  return {
    subnet: subnetReference(cloud, eni.subnetId),
    securityGroups: groupIds.map((id) => byId(cloud.securityGroups, id).name),
    privateIp,
    ...(secondaryIps.length === 0 ? {} : { secondaryIps }),
    ...(hasIpv6 ? { ipv6Addresses: [...eni.ipv6Addresses] } : {}),
    ...(publicIp === null ? {} : { publicIp }),
    ...(eni.sourceDestCheck ? {} : { sourceDestCheck: false }),
    ...(isUsual ? {} : { connectionTracking }),
  };
}

function defineHost({ addresses, listen }: ExternalHost) {
  return { addresses: [...addresses], ...(listen.length === 0 ? {} : { listen: listen.map(listenerText) }) };
}

function subnetReference(cloud: Cloud, subnetId: string): string {
  const { name, vpcId } = byId(cloud.subnets, subnetId);
  return Object.keys(cloud.vpcs).length === 1 ? name : `${byId(cloud.vpcs, vpcId).name}/${name}`;
}
