import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { checkConnectionAllowance } from '../interfaces/connection-tracking.js';
import { addressesByName } from '../interfaces/interface-addresses.js';
import { inUse } from '../interfaces/interface-life.js';
import { type InterfaceInput, makeInterface } from '../interfaces/new-interface.js';
import type { NetworkInterface } from '../interfaces/types.js';
import { getAnyInterface, getSubnet, instancesNamed, withEntry, withInstance, withoutEntry } from '../lookup.js';
import { NOTHING_AVOIDED } from '../network/address-book.js';
import { checkMachineName } from '../text/names.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { Instance, InstanceKind, InstanceLaunch, Listener } from './types.js';

/** A new interface, or one that is `available`. */
export type InstanceInterface =
  | (InterfaceInput & { readonly deviceIndex?: number })
  | { readonly interfaceId: string; readonly deviceIndex?: number };

export interface InstanceInput {
  /** Left out: its id. */
  readonly name?: string;
  /** Default `ec2`. */
  readonly kind?: InstanceKind;
  readonly listen?: readonly Listener[];
  /** Its type has Nitro v6 or not: decides how long its interfaces remember idle TCP connections by default. */
  readonly nitro?: 'v6' | null;
  /** Default: no limit. */
  readonly connectionAllowance?: number | null;
  /** Interfaces in the order of their device index, which is their place unless it is given. */
  readonly interfaces: readonly [InstanceInterface, ...InstanceInterface[]];
  /** Addresses that automatic choice must leave alone, since another instance will ask for them. */
  readonly avoidAddresses?: ReadonlySet<string>;
  readonly launch?: InstanceLaunch;
}

/** An instance with its interfaces, all in one VPC. Throws CloudError as RunInstances would. */
export function runInstance(cloud: Cloud, input: InstanceInput): { cloud: Cloud; instance: Instance } {
  if (input.name !== undefined) checkNewMachine(cloud, 'the instance', input.name);
  const { connectionAllowance = null, nitro = null } = input;
  checkOneVpc(cloud, input.interfaces);
  checkConnectionAllowance(connectionAllowance, input.interfaces.length);
  const base = nextSerial(cloud);
  const kind = input.kind ?? 'ec2';
  const instanceId = makeId(base, kind === 'nat-gateway' ? 'nat' : 'i');
  const newOnes = input.interfaces.flatMap((each) => ('interfaceId' in each ? [] : [each]));
  const own = newOnes.flatMap(addressesByName);
  const avoided = { promised: input.avoidAddresses ?? NOTHING_AVOIDED.promised, own };
  let next = base;
  const interfaceIds = input.interfaces.map((wanted, place) => {
    const deviceIndex = wanted.deviceIndex ?? place;
    if ('interfaceId' in wanted) {
      next = takeInterface(next, wanted.interfaceId, { instanceId, deviceIndex });
      return wanted.interfaceId;
    }
    const { cloud: made, body } = makeInterface(next, { kind, avoided, nitro, isOwn: true }, wanted);
    const eni = { ...body, instanceId, deviceIndex };
    next = { ...made, networkInterfaces: withEntry(made.networkInterfaces, eni) };
    return eni.id;
  });
  const instance: Instance = {
    id: instanceId,
    name: input.name ?? instanceId,
    kind,
    forwarding: null,
    listen: [...(input.listen ?? [])],
    interfaceIds,
    connectionAllowance,
    launch: input.launch ?? null,
  };
  return { cloud: { ...next, instances: withEntry(next.instances, instance) }, instance };
}

/** Throws CloudError unless the name is fit for a machine and free among instances and external hosts. */
export function checkNewMachine(cloud: Cloud, kind: string, name: string): void {
  checkMachineName(kind, name);
  if (isTakenName(cloud, name)) {
    throw new CloudError(
      'InvalidParameterValue',
      `the name ${printable(name)} is taken`,
      'Instances and external hosts share one name space.',
    );
  }
}

export function isTakenName(cloud: Cloud, name: string): boolean {
  return Object.hasOwn(cloud.externalHosts, name) || instancesNamed(cloud, name).length > 0;
}

function takeInterface(
  cloud: Cloud,
  interfaceId: string,
  place: Pick<NetworkInterface, 'instanceId' | 'deviceIndex'>,
): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  if (eni.instanceId !== null) throw inUse(eni);
  return {
    ...cloud,
    networkInterfaces: withEntry(cloud.networkInterfaces, { ...eni, ...place }),
    idleInterfaces: withoutEntry(cloud.idleInterfaces, eni.id),
  };
}

function checkOneVpc(cloud: Cloud, interfaces: readonly InstanceInterface[]): void {
  const subnetIds = interfaces.map((each) =>
    'interfaceId' in each ? getAnyInterface(cloud, each.interfaceId).subnetId : each.subnetId,
  );
  const vpcIds = new Set(subnetIds.map((id) => getSubnet(cloud, id).vpcId));
  if (vpcIds.size <= 1) return;
  throw new CloudError(
    'InvalidParameterCombination',
    'the interfaces of an instance must be in subnets of one VPC',
    'Use subnets of the same VPC.',
  );
}

/** Describe… answers with these values for an instance that the API did not run. */
const NOT_RUN_BY_THE_API: Omit<InstanceLaunch, 'reservationId'> = {
  index: 0,
  time: '1970-01-01T00:00:00.000Z',
  clientToken: null,
  imageId: 'ami-00000000000000000',
  instanceType: 'm5.large',
  keyName: null,
  userData: null,
  ebsOptimized: false,
  monitoring: false,
  disableApiStop: false,
  disableApiTermination: false,
  instanceInitiatedShutdownBehavior: 'stop',
  options: {},
};

export function launchOf({ id, launch }: Instance): InstanceLaunch {
  return launch ?? { ...NOT_RUN_BY_THE_API, reservationId: `r-${id.slice('i-'.length)}` };
}

/** ModifyInstanceAttribute of what is only remembered, of an instance that runs or is stopped. */
export function withLaunch(cloud: Cloud, instance: Instance, change: Partial<InstanceLaunch>): Cloud {
  return withInstance(cloud, { ...instance, launch: { ...launchOf(instance), ...change } });
}
