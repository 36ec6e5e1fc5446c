/** Instances as answers tell of them. */

import type { Instance as InstanceItem, InstanceNetworkInterface, InstanceState } from '@aws-sdk/client-ec2';
import { byId, findById } from '../../cloud/by-id.js';
import { launchOf } from '../../cloud/instances/instance.js';
import type { Instance, LaunchOption } from '../../cloud/instances/types.js';
import { attachmentIdOf } from '../../cloud/interfaces/interface-life.js';
import { getAnyInterface, vpcIdOfInterface } from '../../cloud/lookup.js';
import { privateDnsName, publicDnsName } from '../../cloud/network/dns-names.js';
import type { Cloud } from '../../cloud/types.js';
import { instanceType } from '../instance-types.js';
import { tagList, unlisted } from './common.js';
import {
  type AnyInterface,
  association,
  attachTime,
  groupIdentifiers,
  interfaceType,
  privateAddresses,
  trackingConfiguration,
} from './network-interface.js';

export const STATES = {
  pending: { Code: 0, Name: 'pending' },
  running: { Code: 16, Name: 'running' },
  'shutting-down': { Code: 32, Name: 'shutting-down' },
  terminated: { Code: 48, Name: 'terminated' },
  stopping: { Code: 64, Name: 'stopping' },
  stopped: { Code: 80, Name: 'stopped' },
} as const satisfies Record<string, InstanceState>;

export function stateOf(cloud: Cloud, { id }: Pick<Instance, 'id'>): InstanceState {
  if (findById(cloud.instances, id) !== undefined) return STATES.running;
  return findById(cloud.stoppedInstances, id) === undefined ? STATES.terminated : STATES.stopped;
}

export function instanceItem(cloud: Cloud, instance: Instance): InstanceItem {
  const launch = launchOf(instance);
  const type = instanceType(launch.instanceType);
  const interfaces = instance.interfaceIds.map((id) => getAnyInterface(cloud, id));
  const { HibernationOptions, EnclaveOptions, MaintenanceOptions, PrivateDnsNameOptions, CpuOptions } = launch.options;
  return {
    ...ofInterfaces(cloud, interfaces),
    Architecture: type.architecture,
    BlockDeviceMappings: [],
    ClientToken: launch.clientToken ?? '',
    EbsOptimized: launch.ebsOptimized,
    EnaSupport: true,
    Hypervisor: 'xen',
    IamInstanceProfile: profileOf(cloud, launch.options.IamInstanceProfile),
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    StateReason: reasonOf(cloud, instance),
    Tags: tagList(cloud, instance.id),
    VirtualizationType: 'hvm',
    CpuOptions: { CoreCount: type.cores, ThreadsPerCore: type.threadsPerCore, ...CpuOptions },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    HibernationOptions: { Configured: false, ...HibernationOptions },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: 'optional',
      HttpPutResponseHopLimit: 1,
      HttpEndpoint: 'enabled',
      HttpProtocolIpv6: 'disabled',
      InstanceMetadataTags: 'disabled',
      ...launch.options.MetadataOptions,
    },
    EnclaveOptions: { Enabled: false, ...EnclaveOptions },
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    PrivateDnsNameOptions: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
      ...PrivateDnsNameOptions,
    },
    MaintenanceOptions: { AutoRecovery: 'default', ...MaintenanceOptions },
    CurrentInstanceBootMode: 'legacy-bios',
    InstanceId: instance.id,
    ImageId: launch.imageId,
    State: stateOf(cloud, instance),
    StateTransitionReason: '',
    KeyName: launch.keyName ?? undefined,
    AmiLaunchIndex: launch.index,
    ProductCodes: [],
    InstanceType: unlisted(launch.instanceType),
    LaunchTime: new Date(launch.time),
    Monitoring: { State: launch.monitoring ? 'enabled' : 'disabled' },
    Placement: {
      AvailabilityZone: interfaces[0] === undefined ? undefined : byId(cloud.subnets, interfaces[0].subnetId).zone,
      GroupName: '',
      Tenancy: 'default',
      ...launch.options.Placement,
    },
  };
}

/** What the instance has of its interfaces; a terminated one has none. */
function ofInterfaces(cloud: Cloud, interfaces: readonly AnyInterface[]): Partial<InstanceItem> {
  const [primary] = interfaces;
  const listed = { NetworkInterfaces: interfaces.map((eni) => instanceInterface(cloud, eni)) };
  if (primary === undefined) return { ...listed, SecurityGroups: [] };
  const [privateIp = ''] = primary.privateIpAddresses;
  return {
    ...listed,
    SecurityGroups: groupIdentifiers(cloud, primary.groupIds),
    SourceDestCheck: primary.sourceDestCheck,
    Ipv6Address: primary.ipv6Addresses[0],
    PrivateDnsName: privateDnsName(cloud, privateIp),
    PrivateIpAddress: privateIp,
    PublicDnsName: primary.publicIp === null ? '' : publicDnsName(cloud, primary.publicIp),
    PublicIpAddress: primary.publicIp ?? undefined,
    SubnetId: primary.subnetId,
    VpcId: vpcIdOfInterface(cloud, primary),
  };
}

function instanceInterface(cloud: Cloud, eni: AnyInterface): InstanceNetworkInterface {
  const [privateIp = ''] = eni.privateIpAddresses;
  return {
    Association: association(cloud, eni),
    Attachment: {
      AttachTime: attachTime(cloud, eni),
      AttachmentId: attachmentIdOf(eni) ?? undefined,
      DeleteOnTermination: eni.deleteOnTermination,
      DeviceIndex: eni.deviceIndex ?? undefined,
      Status: 'attached',
      NetworkCardIndex: 0,
    },
    Description: eni.description,
    Groups: groupIdentifiers(cloud, eni.groupIds),
    Ipv6Addresses: eni.ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })),
    MacAddress: eni.macAddress,
    NetworkInterfaceId: eni.id,
    OwnerId: cloud.accountId,
    PrivateDnsName: privateDnsName(cloud, privateIp),
    PrivateIpAddress: privateIp,
    PrivateIpAddresses: privateAddresses(cloud, eni),
    SourceDestCheck: eni.sourceDestCheck,
    Status: 'in-use',
    SubnetId: eni.subnetId,
    VpcId: vpcIdOfInterface(cloud, eni),
    InterfaceType: interfaceType(cloud, eni),
    Ipv4Prefixes: [],
    Ipv6Prefixes: [],
    ConnectionTrackingConfiguration: trackingConfiguration(eni.connectionTracking),
  };
}

function profileOf(cloud: Cloud, given: LaunchOption | undefined): InstanceItem['IamInstanceProfile'] {
  if (given === undefined) return undefined;
  const Arn = String(given.Arn ?? `arn:aws:iam::${cloud.accountId}:instance-profile/${given.Name}`);
  return { Arn, Id: 'AIPASGLAB' };
}

function reasonOf(cloud: Cloud, instance: Instance): InstanceItem['StateReason'] {
  if (findById(cloud.instances, instance.id) !== undefined) return undefined;
  const text = 'Client.UserInitiatedShutdown';
  return { Code: text, Message: `${text}: User initiated shutdown` };
}
