/** The groups of an instance's interfaces as a form. */
import type { Instance } from '../../../cloud/instances/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { Ec2Request } from '../../../controller/console/protocol.js';
import type { Item, Row } from '../../editing/rows.js';
import { ec2Request } from '../../live/call.js';
import { interfacesOfInstance } from './interfaces.js';

/** The chosen groups by id. Others may choose another one meanwhile: both choices are kept. */
export type GroupChoice = Readonly<Record<string, true | undefined>>;

export function groupItems(cloud: Cloud, instance: Instance): Item<GroupChoice>[] {
  return interfacesOfInstance(cloud, instance).map(({ id, groupIds }) => ({ id, value: groupChoice(groupIds) }));
}

export function groupChoice(ids: readonly string[]): GroupChoice {
  return Object.fromEntries(ids.map((id) => [id, true]));
}

export function chosenGroups(choice: GroupChoice): readonly string[] {
  return Object.keys(choice).filter((id) => choice[id] === true);
}

/** Only interfaces whose groups change are asked for, each once. */
export function groupRequests(rows: readonly Row<GroupChoice>[]): readonly Ec2Request[] {
  return rows.flatMap(({ item, value }) => {
    if (item === null) return [];
    const [before, now] = [chosenGroups(item.value), chosenGroups(value)];
    if (before.length === now.length && before.every((id) => now.includes(id))) return [];
    return [ec2Request('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: item.id, SecurityGroupId: now })];
  });
}
