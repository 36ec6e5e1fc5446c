/** Reads a RunInstances request into the terms of src/cloud. */

import type { InstanceNetworkInterfaceSpecification, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { InstanceInterface } from '../../cloud/instances/instance.js';
import type { InstanceLaunch, LaunchOption } from '../../cloud/instances/types.js';
import { getAnyInterface, getSubnet } from '../../cloud/lookup.js';
import type { Subnet } from '../../cloud/network/types.js';
import { zonesOf } from '../../cloud/network/zones.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import { Ec2Error } from '../ec2-error.js';
import { instanceType } from '../instance-types.js';
import { checkIds, missingParameter } from '../refusals.js';
import { type InterfaceRequest, interfaceInput } from './interface.js';

const DEFAULT_TYPE = 'm1.small';
const MAX_USER_DATA = 16_384;
/** These parts of a request are kept for DescribeInstances and change no packet. */
const OPTIONS = [
  'MetadataOptions',
  'CpuOptions',
  'HibernationOptions',
  'EnclaveOptions',
  'MaintenanceOptions',
  'PrivateDnsNameOptions',
  'Placement',
  'CreditSpecification',
  'IamInstanceProfile',
] as const satisfies readonly (keyof RunInstancesRequest)[];

/** An interface, and the request, which gives only a number for some of its addresses. */
export interface RequestedInterface {
  readonly input: InstanceInterface;
  readonly request: InterfaceRequest;
}

/** @returns how many instances there must be at least, and how many at most. Throws Ec2Error. */
export function countsOf({ MinCount = 0, MaxCount = 0 }: RunInstancesRequest): { least: number; most: number } {
  if (MinCount < 1 || MaxCount < MinCount) {
    const text = `Invalid value for max/minCount (${MaxCount}/${MinCount}): maxCount must not be less than minCount, nor minCount less than 1`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  return { least: MinCount, most: MaxCount };
}

/** Reads the part of a request that changes no packet. Throws Ec2Error. */
export function launchOfRequest(
  request: RunInstancesRequest,
  time: Date,
): Omit<InstanceLaunch, 'reservationId' | 'index'> {
  if (request.LaunchTemplate !== undefined) {
    throw new Ec2Error(
      'UnsupportedOperation',
      'sglab has no launch templates: say what they say in the request itself.',
    );
  }
  if (request.ImageId === undefined) throw missingParameter('ImageId');
  checkImageId(request.ImageId);
  return {
    time: time.toISOString(),
    clientToken: request.ClientToken ?? null,
    imageId: request.ImageId,
    instanceType: instanceType(request.InstanceType ?? DEFAULT_TYPE).name,
    keyName: request.KeyName ?? null,
    userData: request.UserData === undefined ? null : checkUserData(request.UserData),
    ebsOptimized: request.EbsOptimized ?? false,
    monitoring: request.Monitoring?.Enabled ?? false,
    disableApiStop: request.DisableApiStop ?? false,
    disableApiTermination: request.DisableApiTermination ?? false,
    instanceInitiatedShutdownBehavior: request.InstanceInitiatedShutdownBehavior ?? 'stop',
    options: Object.fromEntries(OPTIONS.flatMap((name) => optionEntry(name, request[name]))),
  };
}

/** Any well-formed id is an image here. Throws Ec2Error. */
export function checkImageId(id: string): void {
  checkIds('ami', 'InvalidAMIID.Malformed', [id]);
}

/** @throws Ec2Error for a text that is not Base64, or too long */
export function checkUserData(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === text.replace(/\s/g, '').replace(/=+$/, '');
  if (!isBase64) throw new Ec2Error('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (bytes.length > MAX_USER_DATA) {
    throw new Ec2Error('InvalidParameterValue', 'User data is limited to 16384 bytes');
  }
  return text;
}

/** The interfaces are in the order of their device index. Throws CloudError. */
export function requestedInterfaces(
  cloud: Cloud,
  request: RunInstancesRequest,
): [RequestedInterface, ...RequestedInterface[]] {
  const { NetworkInterfaces: specifications = [] } = request;
  if (specifications.length === 0) return [newInterface(cloud, request, ofInstance(request), true)];
  for (const [what, given] of Object.entries(instanceLevel(request))) {
    if (given === undefined || given.length === 0) continue;
    const text = `Network interfaces and an instance-level ${what} may not be specified on the same request`;
    throw new Ec2Error('InvalidParameterCombination', text);
  }
  const sorted = [...specifications].sort((a, b) => (a.DeviceIndex ?? 0) - (b.DeviceIndex ?? 0));
  checkDeviceIndices(sorted);
  const isOnly = sorted.length === 1;
  const [first, ...others] = sorted.map((each) =>
    each.NetworkInterfaceId === undefined ? newInterface(cloud, request, each, isOnly) : existing(cloud, each),
  );
  if (first === undefined) throw new Error('a list that is not empty has a first member');
  return [first, ...others];
}

function newInterface(
  cloud: Cloud,
  request: RunInstancesRequest,
  specification: InstanceNetworkInterfaceSpecification,
  isOnly: boolean,
): RequestedInterface {
  const { DeviceIndex = 0, DeleteOnTermination, AssociatePublicIpAddress } = specification;
  const subnet = subnetFor(cloud, request, specification.SubnetId);
  if (AssociatePublicIpAddress === true && !isOnly) {
    const text =
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.';
    throw new Ec2Error('InvalidParameterCombination', text);
  }
  const mapPublicIp = isOnly && (AssociatePublicIpAddress ?? subnet.attributes.mapPublicIpOnLaunch);
  const names = request.SecurityGroups ?? [];
  const groups = [...(specification.Groups ?? []), ...names.map((name) => groupIdOf(cloud, subnet.vpcId, name))];
  const wanted = { ...specification, Groups: groups };
  return {
    input: {
      ...interfaceInput(cloud, subnet.id, wanted),
      mapPublicIp,
      deviceIndex: DeviceIndex,
      ...(DeleteOnTermination === undefined ? {} : { deleteOnTermination: DeleteOnTermination }),
    },
    request: wanted,
  };
}

function existing(cloud: Cloud, { NetworkInterfaceId = '', DeviceIndex = 0 }: InstanceNetworkInterfaceSpecification) {
  const { id } = getAnyInterface(cloud, NetworkInterfaceId);
  return { input: { interfaceId: id, deviceIndex: DeviceIndex }, request: {} };
}

/** A request without a list of interfaces has the members of one itself. */
function ofInstance(request: RunInstancesRequest): InstanceNetworkInterfaceSpecification {
  const { SubnetId, PrivateIpAddress, Ipv6Addresses, Ipv6AddressCount, SecurityGroupIds } = request;
  return { SubnetId, PrivateIpAddress, Ipv6Addresses, Ipv6AddressCount, Groups: SecurityGroupIds };
}

function instanceLevel({ SubnetId, SecurityGroupIds, SecurityGroups, PrivateIpAddress }: RunInstancesRequest) {
  return {
    'subnet ID': SubnetId,
    'security groups': [...(SecurityGroupIds ?? []), ...(SecurityGroups ?? [])],
    'private address': PrivateIpAddress,
  };
}

function checkDeviceIndices(sorted: readonly InstanceNetworkInterfaceSpecification[]): void {
  const indices = sorted.map(({ DeviceIndex }) => DeviceIndex);
  if (indices.includes(undefined)) {
    throw new Ec2Error('MissingParameter', 'Each network interface requires a device index.');
  }
  if (indices[0] !== 0) {
    throw new Ec2Error('InvalidParameterValue', 'An instance requires a network interface with the device index 0.');
  }
  const twice = indices.find((index, at) => indices.indexOf(index) !== at);
  if (twice === undefined) return;
  const text = `Each network interface requires a unique device index: ${twice} is given twice.`;
  throw new Ec2Error('InvalidParameterCombination', text);
}

/** A request without a subnet gets that of the default VPC in the zone that it asks for. */
function subnetFor(cloud: Cloud, { Placement }: RunInstancesRequest, id: string | undefined): Subnet {
  // Terraform sends an empty zone when it wants none.
  const zone = Placement?.AvailabilityZone || undefined;
  if (id !== undefined) {
    const subnet = getSubnet(cloud, id);
    if (zone === undefined || zone === subnet.zone) return subnet;
    throw new Ec2Error('InvalidParameterValue', `The availability zone ${printable(zone)} is not that of ${subnet.id}`);
  }
  const vpc = Object.values(cloud.vpcs).find(({ isDefault }) => isDefault);
  if (vpc === undefined) throw new Ec2Error('VPCIdNotSpecified', 'No default VPC for this user');
  const subnets = Object.values(cloud.subnets).filter(({ vpcId }) => vpcId === vpc.id);
  const subnet = subnets.find((each) => zone === undefined || each.zone === zone);
  if (subnet !== undefined) return subnet;
  if (zone !== undefined && !zonesOf(cloud.region).some(({ name }) => name === zone)) {
    throw new Ec2Error('InvalidParameterValue', `Invalid availability zone: [${printable(zone)}]`);
  }
  throw new Ec2Error('MissingInput', `No subnets found for the default VPC '${vpc.id}'. Please specify a subnet.`);
}

/** Throws the text that RunInstances has in AWS. */
function groupIdOf(cloud: Cloud, vpcId: string, name: string): string {
  const group = Object.values(cloud.securityGroups).find((each) => each.vpcId === vpcId && each.name === name);
  if (group !== undefined) return group.id;
  const text = `The security group '${printable(name)}' does not exist in VPC '${vpcId}'`;
  throw new Ec2Error('InvalidGroup.NotFound', text);
}

function optionEntry(name: string, given: object | undefined): [string, LaunchOption][] {
  const option = flatOption(given ?? {});
  return Object.keys(option).length === 0 ? [] : [[name, option]];
}

/** Keeps the single values of a part of a request; the zone is that of the subnet. */
export function flatOption(given: object): LaunchOption {
  const single = Object.entries(given).filter(
    ([key, value]) => ['string', 'number', 'boolean'].includes(typeof value) && key !== 'AvailabilityZone',
  );
  return Object.fromEntries(single);
}
