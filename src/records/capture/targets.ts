import { byId } from '../../cloud/by-id.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { interfaceName, interfacesOf } from '../../cloud/lookup.js';
import { resolveInstance, resolveInterface } from '../../cloud/text/endpoint.js';
import type { Cloud } from '../../cloud/types.js';
import { machineNamespace } from '../../lab/machine.js';
import type { CaptureTarget } from './types.js';

const INTERFACE_WORD = /\.eth\d+$|^eni-/;

/** All interfaces of an instance, one (`web-1.eth1`), or the link of a machine on the internet. @throws CloudError */
export function captureTargets(cloud: Cloud, words: readonly string[]): CaptureTarget[] {
  const targets = words.flatMap((word) => targetsOf(cloud, word));
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

function targetsOf(cloud: Cloud, word: string): CaptureTarget[] {
  const host = Object.hasOwn(cloud.externalHosts, word) ? cloud.externalHosts[word] : undefined;
  if (host !== undefined) {
    const namespace = machineNamespace(cloud, { kind: 'external', name: host.name });
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
    namespace: machineNamespace(cloud, { kind: 'instance', name }),
    link: `eth${eni.deviceIndex}`,
    interfaceId: eni.id,
    macAddress: eni.macAddress,
    addresses: [...eni.privateIpAddresses, ...eni.ipv6Addresses],
  };
}
