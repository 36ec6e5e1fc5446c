import { CloudError } from '../errors.js';
import { isId } from '../ids.js';
import type { Instance } from '../instances/types.js';
import type { NetworkInterface } from '../interfaces/types.js';
import {
  findById,
  getInstance,
  getNetworkInterface,
  interfaceName,
  interfacesOf,
  named,
  notRunning,
} from '../lookup.js';
import { canonicalAddress, isAddress } from '../network/cidr.js';
import { tagsOf } from '../tags.js';
import type { Cloud } from '../types.js';
import { printable } from './quote.js';
import { hintFor } from './suggest.js';

/** One end of a probe. `address` is there when the word named one, or asked for the public one. */
export type Endpoint =
  | { readonly kind: 'interface'; readonly interfaceId: string; readonly address?: string }
  | { readonly kind: 'external'; readonly name: string; readonly address?: string };

const INTERFACE_SUFFIX = /^(.+)\.eth(\d{1,2})$/;
const PUBLIC_SUFFIX = /^(.+)\.public$/;

/**
 * Reads a word such as `web-1`, `web-1.eth1`, `web-1.public`, `i-…`, `eni-…`, an address of the lab, or an external
 * host. Throws CloudError for what the cloud does not have.
 */
export function resolveEndpoint(cloud: Cloud, word: string): Endpoint {
  if (isAddress(word)) return endpointAt(cloud, canonicalAddress(word));
  if (Object.hasOwn(cloud.externalHosts, word)) return { kind: 'external', name: word };
  const publicName = PUBLIC_SUFFIX.exec(word)?.[1];
  if (publicName === undefined) return { kind: 'interface', interfaceId: resolveInterface(cloud, word).id };
  const eni = resolveInterface(cloud, publicName);
  if (eni.publicIp !== null) return { kind: 'interface', interfaceId: eni.id, address: eni.publicIp };
  throw new CloudError(
    'InvalidParameterValue',
    `${interfaceName(cloud, eni.id)} has no public IP`,
    'Give it `publicIp: true`, or leave `.public` out.',
  );
}

/** `web-1` is its primary interface, `web-1.eth1` the second one. Throws CloudError. */
export function resolveInterface(cloud: Cloud, word: string): NetworkInterface {
  if (isId('eni', word)) return getNetworkInterface(cloud, word);
  const [, machine = word, index = '0'] = INTERFACE_SUFFIX.exec(word) ?? [];
  const instance = resolveInstance(cloud, machine);
  const eni = interfacesOf(cloud, instance).find((candidate) => candidate.deviceIndex === Number(index));
  if (eni !== undefined) return eni;
  const has = instance.interfaceIds.map((id) => interfaceName(cloud, id)).join(', ');
  throw new CloudError('InvalidNetworkInterfaceID.NotFound', `${printable(word)} does not exist`, `There is: ${has}.`);
}

/** An instance by name, id, or a tag `Name` that no other has. Throws CloudError with the nearest name. */
export function resolveInstance(cloud: Cloud, word: string): Instance {
  const [found] = named(cloud.instances, word);
  const [stopped] = named(cloud.stoppedInstances, word);
  if (found === undefined && stopped !== undefined) throw notRunning(stopped);
  if (found !== undefined || isId('i', word)) return found ?? getInstance(cloud, word);
  const instances = Object.values(cloud.instances);
  const [tagged, ...others] = instances.filter(({ id }) => tagsOf(cloud, id).Name === word);
  if (tagged !== undefined && others.length === 0) return tagged;
  const names = [...instances.map((instance) => instance.name), ...Object.keys(cloud.externalHosts)];
  throw new CloudError(
    'InvalidInstanceID.NotFound',
    `there is no machine ${printable(word)} in the lab ${cloud.name}`,
    hintFor(word, names),
  );
}

/** The name of an instance or external host; servers run on both. Throws CloudError for an unknown one. */
export function resolveMachine(
  cloud: Cloud,
  word: string,
): { kind: 'instance'; id: string } | { kind: 'external'; name: string } {
  const host = findById(cloud.externalHosts, word);
  return host === undefined
    ? { kind: 'instance', id: resolveInstance(cloud, word).id }
    : { kind: 'external', name: host.name };
}

/** `web-1.eth0`, or the external host's name. */
export function endpointName(cloud: Cloud, endpoint: Endpoint): string {
  return endpoint.kind === 'external' ? endpoint.name : interfaceName(cloud, endpoint.interfaceId);
}

/** All machines but NAT gateways, which neither send probes nor answer them. */
export function machineNames(cloud: Cloud): string[] {
  const instances = Object.values(cloud.instances).filter(({ kind }) => kind !== 'nat-gateway');
  return [...Object.keys(cloud.externalHosts), ...instances.map(({ name }) => name)];
}

function endpointAt(cloud: Cloud, address: string): Endpoint {
  const interfaces = Object.values(cloud.networkInterfaces).filter((eni) => hasAddress(eni, address));
  const [eni, second] = interfaces;
  if (second !== undefined) {
    const names = interfaces.map((each) => interfaceName(cloud, each.id)).join(' and ');
    throw new CloudError('InvalidParameterValue', `${address} is an address of ${names}`, 'Name one of them instead.');
  }
  if (eni !== undefined) return { kind: 'interface', interfaceId: eni.id, address };
  const host = Object.values(cloud.externalHosts).find((candidate) => candidate.addresses.includes(address));
  if (host !== undefined) return { kind: 'external', name: host.name, address };
  throw new CloudError('InvalidParameterValue', `no machine of the lab ${cloud.name} has the address ${address}`);
}

function hasAddress(eni: NetworkInterface, address: string): boolean {
  return eni.publicIp === address || eni.privateIpAddresses.includes(address) || eni.ipv6Addresses.includes(address);
}
