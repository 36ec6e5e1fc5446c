/** The metadata of an instance, in the tree that AWS documents ("Instance metadata categories"). Pure. */

import { launchOf } from '../../cloud/instances/instance.js';
import type { Instance } from '../../cloud/instances/types.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId, interfacesOf } from '../../cloud/lookup.js';
import { parseCidr } from '../../cloud/network/cidr.js';
import { privateDnsName, publicDnsName } from '../../cloud/network/dns-names.js';
import type { Cloud } from '../../cloud/types.js';

/** A leaf is a document; a leaf that is null does not exist. */
export type Tree = { readonly [name: string]: string | null | Tree };

/**
 * The document at a path, or a directory's listing with `/` after the names of directories; null if there is neither.
 */
export function readTree(tree: Tree, path: readonly string[]): string | null {
  let at: Tree[string] | undefined = tree;
  for (const name of path) {
    if (at === undefined || at === null || typeof at === 'string' || !Object.hasOwn(at, name)) return null;
    at = at[name];
  }
  if (at === undefined || at === null || typeof at === 'string') return at ?? null;
  const entries = Object.entries(at).filter(([, value]) => value !== null);
  return entries.map(([name, value]) => (typeof value === 'string' ? name : `${name}/`)).join('\n');
}

/** Builds everything below `http://169.254.169.254/`. */
export function metadataOf(cloud: Cloud, instance: Instance): Tree {
  const interfaces = interfacesOf(cloud, instance);
  const primary = byId(cloud.networkInterfaces, instance.interfaceIds[0] ?? '');
  const privateIp = primary.privateIpAddresses[0] ?? '';
  const { zone } = byId(cloud.subnets, primary.subnetId);
  const launch = launchOf(instance);
  const hostname = privateDnsName(cloud, privateIp);
  return {
    latest: {
      dynamic: {
        'instance-identity': { document: identityDocument(cloud, instance, { privateIp, zone }) },
      },
      'meta-data': {
        'ami-id': launch.imageId,
        'ami-launch-index': String(launch.index),
        hostname,
        'instance-id': instance.id,
        'instance-type': launch.instanceType,
        'local-hostname': hostname,
        'local-ipv4': privateIp,
        mac: primary.macAddress,
        network: {
          interfaces: {
            macs: Object.fromEntries(interfaces.map((eni) => [eni.macAddress, interfaceTree(cloud, eni)])),
          },
        },
        placement: { 'availability-zone': zone, region: cloud.region },
        'public-hostname': primary.publicIp === null ? null : publicDnsName(cloud, primary.publicIp),
        'public-ipv4': primary.publicIp,
        'reservation-id': launch.reservationId,
        'security-groups': groupNames(cloud, primary),
        services: { domain: 'amazonaws.com', partition: 'aws' },
      },
      'user-data': launch.userData === null ? null : Buffer.from(launch.userData, 'base64').toString(),
    },
  };
}

function interfaceTree(cloud: Cloud, eni: NetworkInterface): Tree {
  const subnet = byId(cloud.subnets, eni.subnetId);
  const vpc = byId(cloud.vpcs, subnet.vpcId);
  const [privateIp = ''] = eni.privateIpAddresses;
  return {
    'device-number': String(eni.deviceIndex),
    'interface-id': eni.id,
    ipv6s: lines(eni.ipv6Addresses),
    'local-hostname': privateDnsName(cloud, privateIp),
    'local-ipv4s': lines(eni.privateIpAddresses),
    mac: eni.macAddress,
    'owner-id': cloud.accountId,
    'public-hostname': eni.publicIp === null ? null : publicDnsName(cloud, eni.publicIp),
    'public-ipv4s': eni.publicIp,
    'security-group-ids': lines(eni.groupIds),
    'security-groups': groupNames(cloud, eni),
    'subnet-id': subnet.id,
    'subnet-ipv4-cidr-block': parseCidr(subnet.cidr).text,
    'subnet-ipv6-cidr-blocks': subnet.ipv6Cidr,
    'vpc-id': vpc.id,
    'vpc-ipv4-cidr-block': vpc.cidrs[0] ?? null,
    'vpc-ipv4-cidr-blocks': lines(vpc.cidrs),
    'vpc-ipv6-cidr-blocks': vpc.ipv6Cidr,
  };
}

function identityDocument(cloud: Cloud, instance: Instance, at: { privateIp: string; zone: string }): string {
  const document = {
    accountId: cloud.accountId,
    availabilityZone: at.zone,
    imageId: launchOf(instance).imageId,
    instanceId: instance.id,
    instanceType: launchOf(instance).instanceType,
    privateIp: at.privateIp,
    region: cloud.region,
    version: '2017-09-30',
  };
  return JSON.stringify(document, null, 2);
}

function groupNames(cloud: Cloud, eni: NetworkInterface): string {
  return eni.groupIds.map((id) => byId(cloud.securityGroups, id).name).join('\n');
}

function lines(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join('\n');
}
