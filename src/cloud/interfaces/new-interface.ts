/** Makes new interfaces: addresses, groups, a MAC address, time-outs. */

import { CloudError } from '../errors.js';
import { isUsableIn } from '../groups/members.js';
import { checkGroupQuota } from '../groups/rules.js';
import { makeId, makeMacAddress, nextSerial } from '../ids.js';
import { traitsOf } from '../instances/kinds.js';
import type { InstanceKind } from '../instances/types.js';
import { byId, getSecurityGroup, getSubnet } from '../lookup.js';
import type { Avoided } from '../network/address-book.js';
import type { Subnet, Vpc } from '../network/types.js';
import type { Cloud } from '../types.js';
import {
  type ConnectionTrackingInput,
  chooseConnectionTracking,
  DEFAULT_CONNECTION_TRACKING,
  NITRO_V6_TCP_TIMEOUT,
} from './connection-tracking.js';
import { type AddressesInput, chooseAddresses } from './interface-addresses.js';
import { noGroups } from './interface-attributes.js';
import type { ConnectionTracking, InterfaceBody } from './types.js';

export interface InterfaceInput extends AddressesInput {
  readonly subnetId: string;
  /** Left out: the VPC's default group. */
  readonly groupIds?: readonly string[];
  /** Default true. */
  readonly sourceDestCheck?: boolean;
  /** Omitted time-outs are AWS's defaults. */
  readonly connectionTracking?: ConnectionTrackingInput;
  readonly description?: string;
  /** Left out: one that is made with its instance goes with it. */
  readonly deleteOnTermination?: boolean;
}

interface InterfaceUse {
  readonly kind: InstanceKind;
  readonly avoided: Avoided;
  readonly nitro: 'v6' | null;
  /** Made with its instance, and so going with it. */
  readonly isOwn: boolean;
}

/** An interface that is nowhere yet: whoever asks for it puts it into the cloud. Throws CloudError. */
export function makeInterface(
  cloud: Cloud,
  { kind, avoided, nitro, isOwn }: InterfaceUse,
  input: InterfaceInput,
): { cloud: Cloud; body: InterfaceBody } {
  const subnet = getSubnet(cloud, input.subnetId);
  const vpc = byId(cloud.vpcs, subnet.vpcId);
  const base = nextSerial(cloud);
  const addresses = chooseAddresses(cloud, { subnet, vpc }, input, avoided);
  const body: InterfaceBody = {
    id: makeId(base, 'eni'),
    subnetId: subnet.id,
    macAddress: makeMacAddress(base),
    ...addresses,
    groupIds: chooseGroups(cloud, { subnet, vpc, kind }, input.groupIds),
    sourceDestCheck: input.sourceDestCheck ?? true,
    connectionTracking: chooseConnectionTracking(input.connectionTracking ?? {}, defaultsOf(nitro)),
    poolAddress: addresses.publicIp !== null,
    deleteOnTermination: input.deleteOnTermination ?? isOwn,
    description: input.description ?? '',
  };
  return { cloud: base, body };
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
  const foreign = groups.find((group) => !isUsableIn(group, vpc.id));
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
