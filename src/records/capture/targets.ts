/** The network interfaces that a capture is about, and which way a frame crosses one. */

import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId, interfaceName, interfacesOf } from '../../cloud/lookup.js';
import { resolveInstance, resolveInterface } from '../../cloud/text/endpoint.js';
import type { Cloud } from '../../cloud/types.js';
import { hostNamespace, instanceNamespace } from '../../kernel/lab-names.js';
import { parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER } from '../../observe/packet-report.js';
import type { PacketDirection } from './pcapng.js';
import type { CaptureTarget } from './types.js';

const INTERFACE_WORD = /\.eth\d+$|^eni-/;

/** The targets that words name: all interfaces of an instance, one (`web-1.eth1`), or a machine's on the internet. @throws CloudError */
export function captureTargets(cloud: Cloud, words: readonly string[]): CaptureTarget[] {
  const targets = words.flatMap((word) => targetsOf(cloud, word));
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

function targetsOf(cloud: Cloud, word: string): CaptureTarget[] {
  const host = Object.hasOwn(cloud.externalHosts, word) ? cloud.externalHosts[word] : undefined;
  if (host !== undefined) {
    const namespace = hostNamespace(cloud.name, host.name);
    return [
      {
        name: `${host.name}.eth0`,
        namespace,
        link: 'eth0',
        interfaceId: null,
        macAddress: null,
        addresses: host.addresses,
      },
    ];
  }
  const interfaces = INTERFACE_WORD.test(word)
    ? [resolveInterface(cloud, word)]
    : interfacesOf(cloud, resolveInstance(cloud, word));
  return interfaces.map((eni) => targetOf(cloud, eni));
}

function targetOf(cloud: Cloud, eni: NetworkInterface): CaptureTarget {
  const { name } = byId(cloud.instances, eni.instanceId);
  return {
    name: interfaceName(cloud, eni.id),
    namespace: instanceNamespace(cloud.name, name),
    link: `eth${eni.deviceIndex}`,
    interfaceId: eni.id,
    macAddress: eni.macAddress,
    addresses: [...eni.privateIpAddresses, ...eni.ipv6Addresses],
  };
}

/**
 * Whether a machine sent a frame or received it: an instance also sends what is not from its address, and is known by its link
 * address; machines on the internet have that of their router, and are known by their addresses. (libpcap's own word for it,
 * `outbound`, is not true of the first packets of a capture: those it filters itself, without knowing.)
 */
export function directionOf({ macAddress, addresses }: CaptureTarget, frame: Buffer): PacketDirection {
  if (macAddress !== null) return frame.toString('hex', 6, 12) === macAddress.replaceAll(':', '') ? 'out' : 'in';
  const source = parsePacket(frame.subarray(ETHERNET_HEADER))?.source;
  return source !== undefined && addresses.includes(source) ? 'out' : 'in';
}
