import { hasPorts } from '../cloud/protocol.js';
import { assume, type InterfaceItem, type Inventory, type RuleItem } from './inventory.js';

/** More than one can look at, and than a lab needs to show what groups do. */
const MAX_MACHINES = 20;
const MAX_LISTENERS = 12;
const MAX_PORT = 65_535;

/** One machine for each group, if the source describes no machines at all: groups alone cannot be asked anything. */
export function addStandInMachines(inventory: Inventory): void {
  const { groups, interfaces, instances } = inventory;
  if (interfaces.length > 0 || instances.length > 0) return;
  const wanted = groups.filter(({ isDefault }) => !isDefault).slice(0, MAX_MACHINES);
  if (wanted.length === 0) return;
  for (const { key, name, vpc, place } of wanted) {
    const machine: InterfaceItem = {
      key: `machine of ${key}`,
      id: null,
      name,
      place,
      subnet: null,
      vpc,
      privateIps: [],
      ipv6: null,
      groups: [key],
      sourceDestCheck: true,
      connectionTracking: {},
      publicIp: null,
    };
    interfaces.push(machine);
  }
  const left = groups.length - wanted.length;
  const rest = left === 0 ? '' : `; ${left} groups have none`;
  const sentence = `no machines are described: there is one in each of ${wanted.length} groups, named after it${rest}`;
  assume(inventory, sentence, ...interfaces.map(({ key }) => key));
}

/**
 * Guesses what a machine listens on, which no source says: the first port of each rule that lets TCP or UDP in, as
 * `tcp/443`. Rules for all ports tell nothing.
 */
export function likelyListeners(rules: readonly RuleItem[]): string[] {
  const found = rules.flatMap(({ direction, protocol, fromPort, toPort }) => {
    const name = protocol === '6' ? 'tcp' : protocol === '17' ? 'udp' : protocol.toLowerCase();
    if (direction !== 'ingress' || !hasPorts(name) || fromPort === null || fromPort > MAX_PORT) return [];
    return fromPort < 1 && toPort !== 0 ? [] : fromPort === 0 ? [] : [`${name}/${fromPort}`];
  });
  return [...new Set(found)].slice(0, MAX_LISTENERS);
}
