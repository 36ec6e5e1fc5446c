import { listOf } from '../changes/read-parts.js';
import { type AddressesInput, addressesByName } from '../cloud/interfaces/interface-addresses.js';
import type { ProblemList } from '../source/problems.js';
import type { NamedInstance } from './machine-names.js';
import type { InstanceDefinition } from './schema-topology.js';

/** What belongs to an interface, and so into `interfaces` if there are several. */
const INTERFACE_KEYS = [
  'subnet',
  'securityGroups',
  'privateIp',
  'secondaryIps',
  'ipv6Addresses',
  'publicIp',
  'sourceDestCheck',
  'connectionTracking',
] as const;

/** Whether the keys of the definition go together; if not, a problem says which do not. */
export function isShapeFit(problems: ProblemList, instance: NamedInstance): boolean {
  const { path, definition, interfaces } = instance;
  if (interfaces.length === 0) {
    const hint = 'Write `subnet: …`, or `interfaces: [{ subnet: … }]`.';
    problems.add(path, { message: 'an instance needs a subnet', hint, on: 'key' });
    return false;
  }
  const misplaced = INTERFACE_KEYS.find((key) => definition.interfaces !== undefined && definition[key] !== undefined);
  if (misplaced !== undefined) {
    const hint = `Write \`${misplaced}\` into each of them.`;
    problems.add([...path, misplaced], { message: `\`${misplaced}\` stands beside \`interfaces\``, hint, on: 'key' });
    return false;
  }
  const [fixed] = interfaces.flatMap(({ item }) => addressesByName(addressInputOf(item)));
  if (fixed === undefined || (definition.count ?? 1) === 1) return true;
  const message = `${definition.count} instances cannot all have ${fixed}`;
  problems.add([...path, 'count'], { message, hint: 'Leave the address out.' });
  return false;
}

/** The address keys that the definition has, as the cloud takes them. */
export function addressInputOf(definition: InstanceDefinition): AddressesInput {
  const { privateIp, secondaryIps, ipv6Addresses, publicIp } = definition;
  return {
    ...(privateIp === undefined ? {} : { privateIp }),
    ...(secondaryIps === undefined ? {} : { secondaryIps: listOf(secondaryIps) }),
    ...(ipv6Addresses === undefined ? {} : { ipv6Addresses: listOf(ipv6Addresses) }),
    ...(publicIp === undefined ? {} : { publicIp }),
  };
}
