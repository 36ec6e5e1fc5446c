/** Reads the interfaces of CreateNetworkInterface and RunInstances into the terms of src/cloud. */
import type {
  ConnectionTrackingSpecificationRequest,
  InstanceIpv6Address,
  PrivateIpAddressSpecification,
} from '@aws-sdk/client-ec2';
import type { ConnectionTrackingInput } from '../../cloud/interfaces/connection-tracking.js';
import { assignAddresses } from '../../cloud/interfaces/interface-addresses.js';
import type { InterfaceInput } from '../../cloud/interfaces/new-interface.js';
import { getSubnet } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { Ec2Error } from '../ec2-error.js';

/** Both actions have these members. */
export interface InterfaceRequest {
  readonly Description?: string | undefined;
  readonly Groups?: readonly string[] | undefined;
  readonly PrivateIpAddress?: string | undefined;
  readonly PrivateIpAddresses?: readonly PrivateIpAddressSpecification[] | undefined;
  readonly SecondaryPrivateIpAddressCount?: number | undefined;
  readonly Ipv6Addresses?: readonly InstanceIpv6Address[] | undefined;
  readonly Ipv6AddressCount?: number | undefined;
  readonly ConnectionTrackingSpecification?: ConnectionTrackingSpecificationRequest | undefined;
}

/** Addresses of which the request gives only a number are left to `assignCounted`. Throws Ec2Error. */
export function interfaceInput(cloud: Cloud, subnetId: string, request: InterfaceRequest): InterfaceInput {
  refusePrefixes(request);
  const { Description, Groups, ConnectionTrackingSpecification: tracking } = request;
  const { primary, secondary } = privateAddressesOf(request);
  const ipv6Addresses = ipv6Of(cloud, subnetId, request);
  return {
    subnetId,
    ...(Description === undefined ? {} : { description: Description }),
    ...(Groups === undefined || Groups.length === 0 ? {} : { groupIds: Groups }),
    ...(primary === undefined ? {} : { privateIp: primary }),
    secondaryIps: secondary,
    ...(ipv6Addresses === undefined ? {} : { ipv6Addresses }),
    ...(tracking === undefined ? {} : { connectionTracking: trackingInput(tracking) }),
  };
}

/** Refuses delegated prefixes: packets to one would have to reach its interface, and they do not. Throws Ec2Error. */
export function refusePrefixes(request: object): void {
  const asked = Object.entries(request).find(([name, value]) => /^Ipv[46]Prefix/.test(name) && value !== undefined);
  if (asked === undefined) return;
  throw new Ec2Error(
    'UnsupportedOperation',
    `sglab delegates no prefixes to interfaces (${asked[0]}): assign addresses.`,
  );
}

/** Assigns the addresses of which the request gives only a number. */
export function assignCounted(cloud: Cloud, interfaceId: string, request: InterfaceRequest): Cloud {
  const { SecondaryPrivateIpAddressCount: secondary = 0, Ipv6AddressCount: ipv6 = 0 } = request;
  const after = secondary === 0 ? cloud : assignAddresses(cloud, interfaceId, 'ipv4', secondary);
  return ipv6 === 0 ? after : assignAddresses(after, interfaceId, 'ipv6', ipv6);
}

export function trackingInput(given: ConnectionTrackingSpecificationRequest): ConnectionTrackingInput {
  const { TcpEstablishedTimeout: tcp, UdpStreamTimeout: stream, UdpTimeout: udp } = given;
  return {
    ...(tcp === undefined ? {} : { tcpEstablishedTimeout: tcp }),
    ...(stream === undefined ? {} : { udpStreamTimeout: stream }),
    ...(udp === undefined ? {} : { udpTimeout: udp }),
  };
}

function privateAddressesOf({ PrivateIpAddress, PrivateIpAddresses = [] }: InterfaceRequest) {
  const listed = PrivateIpAddresses.map((each) => ({ address: each.PrivateIpAddress ?? '', primary: each.Primary }));
  const marked = listed.filter(({ primary }) => primary === true);
  // Where none is marked, the first one is the primary.
  const primaries = marked.length > 0 || PrivateIpAddress !== undefined ? marked : listed.slice(0, 1);
  if (primaries.length + (PrivateIpAddress === undefined ? 0 : 1) > 1) {
    throw new Ec2Error('InvalidParameterCombination', 'Only one primary private IP address can be specified.');
  }
  return {
    primary: PrivateIpAddress ?? primaries[0]?.address,
    secondary: listed.filter((each) => !primaries.includes(each)).map(({ address }) => address),
  };
}

/** @returns undefined: one address, chosen automatically */
function ipv6Of(cloud: Cloud, subnetId: string, { Ipv6Addresses = [], Ipv6AddressCount }: InterfaceRequest) {
  if (Ipv6Addresses.length > 0) return Ipv6Addresses.map(({ Ipv6Address = '' }) => Ipv6Address);
  const { attributes } = getSubnet(cloud, subnetId);
  return Ipv6AddressCount === undefined && attributes.assignIpv6AddressOnCreation ? undefined : [];
}
