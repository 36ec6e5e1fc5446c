import type { Instance as InstanceItem, InstanceNetworkInterface, InstanceState } from '@aws-sdk/client-ec2';
import { launchOf } from '../../cloud/instances/instance.js';
import type { Instance, LaunchOption } from '../../cloud/instances/types.js';
import { attachmentIdOf } from '../../cloud/interfaces/interface-life.js';
import { byId, findById, getAnyInterface, vpcIdOfInterface } from '../../cloud/lookup.js';
import { privateDnsName, publicDnsName } from '../../cloud/network/dns-names.js';
import type { Cloud } from '../../cloud/types.js';
import { instanceType } from '../instance-types.js';
import { tagListIfAny, unlisted } from './common.js';
import { type AnyInterface, attachTime, groupIdentifiers, interfaceMembers } from './network-interface.js';

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
    ...tagListIfAny(cloud, instance.id),
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

/** These members come from the interfaces; a terminated instance has none. */
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
  return {
    ...interfaceMembers(cloud, eni),
    Attachment: {
      AttachTime: attachTime(cloud, eni),
      AttachmentId: attachmentIdOf(eni) ?? undefined,
      DeleteOnTermination: eni.deleteOnTermination,
      DeviceIndex: eni.deviceIndex ?? undefined,
      Status: 'attached',
      NetworkCardIndex: 0,
    },
    Status: 'in-use',
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
