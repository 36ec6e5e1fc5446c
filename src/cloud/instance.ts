import { byId, withEntry } from './by-id.js';
import {
  type ConnectionTrackingInput,
  checkConnectionAllowance,
  chooseConnectionTracking,
  DEFAULT_CONNECTION_TRACKING,
  NITRO_V6_TCP_TIMEOUT,
} from './connection-tracking.js';
import { CloudError } from './errors.js';
import { makeId, makeMacAddress, nextSerial } from './ids.js';
import { type AddressesInput, addressesByName, chooseAddresses } from './interface-addresses.js';
import { noGroups } from './interface-groups.js';
import { traitsOf } from './kinds.js';
import { getSecurityGroup, getSubnet } from './lookup.js';
import { checkMachineName } from './names.js';
import { checkGroupQuota } from './quota.js';
import { printable } from './quote.js';
import type {
  Cloud,
  ConnectionTracking,
  Instance,
  InstanceKind,
  Listener,
  NetworkInterface,
  Subnet,
  Vpc,
} from './types.js';

export interface InterfaceInput extends AddressesInput {
  readonly subnetId: string;
  /** Left out: the VPC's default group. */
  readonly groupIds?: readonly string[];
  /** Default true. */
  readonly sourceDestCheck?: boolean;
  /** What is left out is AWS's default. */
  readonly connectionTracking?: ConnectionTrackingInput;
}

export interface InstanceInput {
  readonly name: string;
  /** Default `ec2`. */
  readonly kind?: InstanceKind;
  readonly listen?: readonly Listener[];
  /** Its type has Nitro v6 or not: decides how long its interfaces remember idle TCP connections by default. */
  readonly nitro?: 'v6' | null;
  /** Default: no limit. */
  readonly connectionAllowance?: number | null;
  /** In the order of their device index. */
  readonly interfaces: readonly [InterfaceInput, ...InterfaceInput[]];
  /** Addresses that automatic choice must leave alone, since another instance will ask for them. */
  readonly avoidAddresses?: Iterable<string>;
}

/** An instance with its interfaces, all in one VPC. Throws CloudError as RunInstances would. */
export function runInstance(cloud: Cloud, input: InstanceInput): { cloud: Cloud; instance: Instance } {
  checkNewMachine(cloud, 'the instance', input.name);
  const { connectionAllowance = null, nitro = null } = input;
  checkOneVpc(cloud, input.interfaces);
  checkConnectionAllowance(connectionAllowance, input.interfaces.length);
  const base = nextSerial(cloud);
  const instanceId = makeId(base, 'i');
  const kind = input.kind ?? 'ec2';
  const avoid = [...(input.avoidAddresses ?? []), ...input.interfaces.flatMap(addressesByName)];
  let next = base;
  const interfaceIds = input.interfaces.map((interfaceInput, deviceIndex) => {
    const made = addInterface(next, { instanceId, kind, deviceIndex, avoid, nitro }, interfaceInput);
    next = made.cloud;
    return made.id;
  });
  const instance: Instance = {
    id: instanceId,
    name: input.name,
    kind,
    forwarding: null,
    listen: [...(input.listen ?? [])],
    interfaceIds,
    connectionAllowance,
  };
  return { cloud: { ...next, instances: withEntry(next.instances, instance) }, instance };
}

/** Throws CloudError unless the name is fit for a machine and free among instances and external hosts. */
export function checkNewMachine(cloud: Cloud, kind: string, name: string): void {
  checkMachineName(kind, name);
  const isTaken =
    Object.hasOwn(cloud.externalHosts, name) ||
    Object.values(cloud.instances).some((instance) => instance.name === name);
  if (isTaken) {
    throw new CloudError(
      'InvalidParameterValue',
      `the name ${printable(name)} is taken`,
      'Instances and external hosts share one name space.',
    );
  }
}

interface Place {
  readonly instanceId: string;
  readonly kind: InstanceKind;
  readonly deviceIndex: number;
  readonly avoid: readonly string[];
  readonly nitro: 'v6' | null;
}

function addInterface(cloud: Cloud, place: Place, input: InterfaceInput): { cloud: Cloud; id: string } {
  const subnet = getSubnet(cloud, input.subnetId);
  const vpc = byId(cloud.vpcs, subnet.vpcId);
  const base = nextSerial(cloud);
  const eni: NetworkInterface = {
    id: makeId(base, 'eni'),
    instanceId: place.instanceId,
    deviceIndex: place.deviceIndex,
    subnetId: subnet.id,
    macAddress: makeMacAddress(base),
    ...chooseAddresses(cloud, { subnet, vpc }, input, place.avoid),
    groupIds: chooseGroups(cloud, { subnet, vpc, kind: place.kind }, input.groupIds),
    sourceDestCheck: input.sourceDestCheck ?? true,
    connectionTracking: chooseConnectionTracking(input.connectionTracking ?? {}, defaultsOf(place.nitro)),
  };
  return { cloud: { ...base, networkInterfaces: withEntry(base.networkInterfaces, eni) }, id: eni.id };
}

function defaultsOf(nitro: 'v6' | null): ConnectionTracking {
  if (nitro === null) return DEFAULT_CONNECTION_TRACKING;
  return { ...DEFAULT_CONNECTION_TRACKING, tcpEstablishedTimeout: NITRO_V6_TCP_TIMEOUT };
}

function chooseGroups(
  cloud: Cloud,
  { subnet, vpc, kind }: { readonly subnet: Subnet; readonly vpc: Vpc; readonly kind: InstanceKind },
  wanted: readonly string[] | undefined,
): readonly string[] {
  const { groupOptional } = traitsOf(kind);
  if (wanted === undefined) return groupOptional ? [] : [vpc.defaultGroupId];
  if (wanted.length === 0 && groupOptional) return [];
  const groups = [...new Set(wanted)].map((id) => getSecurityGroup(cloud, id));
  if (groups.length === 0) throw noGroups('the interface');
  const foreign = groups.find((group) => group.vpcId !== vpc.id);
  if (foreign !== undefined) {
    throw new CloudError(
      'InvalidParameter',
      `Security group ${foreign.id} and subnet ${subnet.id} belong to different networks.`,
      `Group ${foreign.name} is in VPC ${byId(cloud.vpcs, foreign.vpcId).name}, subnet ${subnet.name} in VPC ${vpc.name}.`,
    );
  }
  const groupIds = groups.map((group) => group.id);
  checkGroupQuota(cloud, groupIds);
  return groupIds;
}

function checkOneVpc(cloud: Cloud, interfaces: readonly InterfaceInput[]): void {
  const vpcIds = new Set(interfaces.map(({ subnetId }) => getSubnet(cloud, subnetId).vpcId));
  if (vpcIds.size <= 1) return;
  throw new CloudError(
    'InvalidParameterCombination',
    'the interfaces of an instance must be in subnets of one VPC',
    'Use subnets of the same VPC.',
  );
}
