import { withEntry } from './by-id.js';
import { checkConnectionAllowance } from './connection-tracking.js';
import { CloudError } from './errors.js';
import { makeId, nextSerial } from './ids.js';
import { addressesByName } from './interface-addresses.js';
import { allInstances, getSubnet } from './lookup.js';
import { checkMachineName } from './names.js';
import { type InterfaceInput, makeInterface } from './new-interface.js';
import { printable } from './quote.js';
import type { Cloud, Instance, InstanceKind, Listener } from './types.js';

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
  const kind = input.kind ?? 'ec2';
  const instanceId = makeId(base, kind === 'nat-gateway' ? 'nat' : 'i');
  const avoid = [...(input.avoidAddresses ?? []), ...input.interfaces.flatMap(addressesByName)];
  let next = base;
  const interfaceIds = input.interfaces.map((interfaceInput, deviceIndex) => {
    const { cloud: made, body } = makeInterface(next, { kind, avoid, nitro, isOwn: true }, interfaceInput);
    const eni = { ...body, instanceId, deviceIndex };
    next = { ...made, networkInterfaces: withEntry(made.networkInterfaces, eni) };
    return eni.id;
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
    Object.hasOwn(cloud.externalHosts, name) || allInstances(cloud).some((instance) => instance.name === name);
  if (isTaken) {
    throw new CloudError(
      'InvalidParameterValue',
      `the name ${printable(name)} is taken`,
      'Instances and external hosts share one name space.',
    );
  }
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
