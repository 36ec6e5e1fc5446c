/** `attach` and `detach` give a network interface a security group and take it away again. */

import { attachGroup, detachGroup } from '../../cloud/interfaces/interface-attributes.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { resolveInterface } from '../../cloud/text/endpoint.js';
import { resolveGroupFor } from '../../cloud/text/resolve.js';
import type { Cloud } from '../../cloud/types.js';
import { groupReference } from '../choices.js';
import { namedInterface } from '../names.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, NamedThing, Place, Verb } from '../verb.js';

interface Membership {
  /** A name, an id or `web-1.eth1`. */
  readonly instance: string;
  /** A name or id. */
  readonly group: string;
}

interface Attach extends Membership {
  readonly type: 'attach';
}

interface Detach extends Membership {
  readonly type: 'detach';
}

const membershipSchema = ({ z, interfaceSchema, groupSchema }: SchemaParts) =>
  z.strictObject({ instance: interfaceSchema, group: groupSchema });

type Definition = DefinitionOf<typeof membershipSchema>;

export const attach: Verb<Attach, Definition> = {
  key: 'attach',
  schema: (parts) =>
    membershipSchema(parts).describe(
      'Adds a group to an interface. Example: `attach: { instance: web-1, group: admin }`',
    ),
  read: (place, definition) => ({ mutation: { type: 'attach', ...definition }, names: namesOf(place, definition) }),
  apply(cloud, change) {
    const { interfaceId, groupId } = resolveMembership(cloud, change);
    return attachGroup(cloud, interfaceId, groupId);
  },
  text: ({ instance, group }) => `attach ${group} to ${instance}`,
  step: ({ instance, group }) => ({ instance, group }),
  command: {
    usage: 'attach INSTANCE GROUP',
    least: 2,
    parse: ([instance = '', group = '']) => ({ type: 'attach', instance, group }),
    format: ({ instance, group }) => [instance, group],
  },
  random: {
    weight: 3,
    choose(cloud, choices) {
      const eni = choices.of(Object.values(cloud.networkInterfaces));
      if (eni === undefined) return null;
      const { vpcId } = byId(cloud.subnets, eni.subnetId);
      const others = Object.values(cloud.securityGroups).filter((group) => group.vpcId === vpcId);
      const group = choices.of(others.filter(({ id }) => !eni.groupIds.includes(id)));
      if (group === undefined) return null;
      return { type: 'attach', instance: interfaceName(cloud, eni.id), group: groupReference(cloud, group) };
    },
  },
};

export const detach: Verb<Detach, Definition> = {
  key: 'detach',
  schema: (parts) =>
    membershipSchema(parts).describe(
      'Removes a group from an interface. Example: `detach: { instance: web-1, group: admin }`',
    ),
  read: (place, definition) => ({ mutation: { type: 'detach', ...definition }, names: namesOf(place, definition) }),
  apply(cloud, change) {
    const { interfaceId, groupId } = resolveMembership(cloud, change);
    return detachGroup(cloud, interfaceId, groupId);
  },
  text: ({ instance, group }) => `detach ${group} from ${instance}`,
  step: ({ instance, group }) => ({ instance, group }),
  command: {
    usage: 'detach INSTANCE GROUP',
    least: 2,
    parse: ([instance = '', group = '']) => ({ type: 'detach', instance, group }),
    format: ({ instance, group }) => [instance, group],
  },
  random: {
    weight: 2,
    choose(cloud, choices) {
      // The last group of an interface stays.
      const eni = choices.of(Object.values(cloud.networkInterfaces).filter(({ groupIds }) => groupIds.length > 1));
      const id = choices.of(eni?.groupIds ?? []);
      if (eni === undefined || id === undefined) return null;
      const group = groupReference(cloud, byId(cloud.securityGroups, id));
      return { type: 'detach', instance: interfaceName(cloud, eni.id), group };
    },
  },
};

/** Several VPCs can have a group of one name: only the interface tells which of them is meant. */
function namesOf({ path }: Place, { instance, group }: Definition): NamedThing[] {
  return [{ kind: 'group', word: group, check: null }, namedInterface([...path, 'instance'], instance)];
}

function resolveMembership(cloud: Cloud, { instance, group }: Membership): { interfaceId: string; groupId: string } {
  const { id, subnetId } = resolveInterface(cloud, instance);
  return { interfaceId: id, groupId: resolveGroupFor(cloud, group, byId(cloud.subnets, subnetId).vpcId).id };
}
