import type {
  ConnectionTrackingConfiguration,
  GroupIdentifier,
  NetworkInterface as NetworkInterfaceItem,
  NetworkInterfaceType,
} from '@aws-sdk/client-ec2';
import type { InstanceKind } from '../../cloud/instances/types.js';
import { elasticIpOf } from '../../cloud/interfaces/elastic-ip.js';
import { attachmentIdOf } from '../../cloud/interfaces/interface-life.js';
import type {
  ConnectionTracking,
  IdleInterface,
  InterfaceBody,
  NetworkInterface,
} from '../../cloud/interfaces/types.js';
import { byId, findInstance, vpcIdOfInterface } from '../../cloud/lookup.js';
import { privateDnsName, publicDnsName } from '../../cloud/network/dns-names.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList, unlisted } from './common.js';

export type AnyInterface = IdleInterface | NetworkInterface;

/** EC2 writes them so; its own model says `natGateway`. */
const TYPES: Readonly<Partial<Record<InstanceKind, string>>> = {
  lambda: 'lambda',
  'network-load-balancer': 'network_load_balancer',
  'interface-endpoint': 'vpc_endpoint',
  'nat-gateway': 'nat_gateway',
};

export function networkInterfaceItem(cloud: Cloud, eni: AnyInterface): NetworkInterfaceItem {
  return {
    ...interfaceMembers(cloud, eni),
    // Its id is a hash, which a filter that looks at another member must not compute for all interfaces of the lab.
    get Attachment() {
      return attachment(cloud, eni);
    },
    AvailabilityZone: byId(cloud.subnets, eni.subnetId).zone,
    RequesterManaged: kindOf(cloud, eni) !== 'ec2',
    Status: eni.instanceId === null ? 'available' : 'in-use',
    TagSet: tagList(cloud, eni.id),
    Ipv6Address: eni.ipv6Addresses[0],
  };
}

/** An interface has these members both by itself and as a part of its instance. */
export function interfaceMembers(cloud: Cloud, eni: AnyInterface) {
  const [privateIp = ''] = eni.privateIpAddresses;
  return {
    Association: association(cloud, eni),
    ConnectionTrackingConfiguration: trackingConfiguration(eni.connectionTracking),
    Description: eni.description,
    Groups: groupIdentifiers(cloud, eni.groupIds),
    InterfaceType: unlisted<NetworkInterfaceType>(TYPES[kindOf(cloud, eni)] ?? 'interface'),
    Ipv6Addresses: eni.ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })),
    MacAddress: eni.macAddress,
    NetworkInterfaceId: eni.id,
    OwnerId: cloud.accountId,
    PrivateDnsName: privateDnsName(cloud, privateIp),
    PrivateIpAddress: privateIp,
    PrivateIpAddresses: privateAddresses(cloud, eni),
    Ipv4Prefixes: [],
    Ipv6Prefixes: [],
    SourceDestCheck: eni.sourceDestCheck,
    SubnetId: eni.subnetId,
    VpcId: vpcIdOfInterface(cloud, eni),
  };
}

/** AWS has the names of groups beside their ids. */
export function groupIdentifiers(cloud: Cloud, groupIds: readonly string[]): GroupIdentifier[] {
  return groupIds.map((GroupId) => ({ GroupId, GroupName: byId(cloud.securityGroups, GroupId).name }));
}

/** The public address that the primary private address has on the internet. */
function association(cloud: Cloud, eni: InterfaceBody) {
  if (eni.publicIp === null) return undefined;
  const elastic = elasticIpOf(cloud, eni.id);
  return {
    AllocationId: elastic?.id,
    AssociationId: elastic?.association?.id,
    IpOwnerId: elastic === undefined ? 'amazon' : cloud.accountId,
    PublicDnsName: publicDnsName(cloud, eni.publicIp),
    PublicIp: eni.publicIp,
  };
}

function privateAddresses(cloud: Cloud, eni: InterfaceBody) {
  return eni.privateIpAddresses.map((PrivateIpAddress, place) => ({
    Association: place === 0 ? association(cloud, eni) : undefined,
    Primary: place === 0,
    PrivateDnsName: privateDnsName(cloud, PrivateIpAddress),
    PrivateIpAddress,
  }));
}

/** The time is known of a primary interface only, which came with its instance. */
export function attachTime(cloud: Cloud, eni: AnyInterface): Date | undefined {
  const instance = eni.instanceId === null ? undefined : findInstance(cloud, eni.instanceId);
  if (eni.deviceIndex !== 0 || instance?.launch == null) return undefined;
  return new Date(instance.launch.time);
}

function attachment(cloud: Cloud, eni: AnyInterface): NetworkInterfaceItem['Attachment'] {
  const AttachmentId = attachmentIdOf(eni);
  if (AttachmentId === null || eni.instanceId === null) return undefined;
  const isOwn = kindOf(cloud, eni) === 'ec2';
  return {
    AttachTime: attachTime(cloud, eni),
    AttachmentId,
    DeleteOnTermination: eni.deleteOnTermination,
    DeviceIndex: eni.deviceIndex ?? undefined,
    NetworkCardIndex: 0,
    InstanceId: isOwn ? eni.instanceId : undefined,
    InstanceOwnerId: isOwn ? cloud.accountId : 'amazon-aws',
    Status: 'attached',
  };
}

function kindOf(cloud: Cloud, eni: AnyInterface): InstanceKind {
  return (eni.instanceId === null ? undefined : findInstance(cloud, eni.instanceId))?.kind ?? 'ec2';
}

function trackingConfiguration(tracking: ConnectionTracking): ConnectionTrackingConfiguration {
  return {
    TcpEstablishedTimeout: tracking.tcpEstablishedTimeout,
    UdpStreamTimeout: tracking.udpStreamTimeout,
    UdpTimeout: tracking.udpTimeout,
  };
}
