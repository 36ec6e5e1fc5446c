/** `launch` runs a new instance, which is reachable when the change is in force. */

import { launch as runInstance, type UnresolvedLaunch } from '../../cloud/instances/launch.js';
import { listenerText } from '../../cloud/instances/listener.js';
import { listOf, readListeners } from '../read-parts.js';
import type { SchemaParts } from '../schema-parts.js';
import { listKey } from '../step-form.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface Launch {
  readonly type: 'launch';
  readonly machine: UnresolvedLaunch;
}

const schema = ({ z, SUBNET, placementShape, listenSchema }: SchemaParts) =>
  z
    .strictObject({
      name: z.string().describe('The new instance’s name. Example: `name: web-2`'),
      subnet: z.string().describe(SUBNET),
      securityGroups: placementShape.securityGroups,
      privateIp: placementShape.privateIp,
      publicIp: placementShape.publicIp,
      listen: listenSchema.optional(),
    })
    .describe(
      'Launches a new instance; it is reachable when the step ends. Example: `launch: { name: web-2, subnet: public, securityGroups: web, listen: tcp/443 }`',
    );

export const launch: Verb<Launch, DefinitionOf<typeof schema>> = {
  key: 'launch',
  schema,
  read({ problems, path }, definition) {
    const { name, subnet, securityGroups, privateIp = null, publicIp = false } = definition;
    const listen = readListeners({ problems, path: [...path, 'listen'] }, definition.listen);
    const groups = securityGroups === undefined ? null : listOf(securityGroups);
    return { mutation: { type: 'launch', machine: { name, subnet, groups, privateIp, publicIp, listen } } };
  },
  apply: (cloud, { machine }) => runInstance(cloud, machine),
  text: ({ machine }) => `launch ${machine.name} in ${machine.subnet}`,
  step({ machine: { name, subnet, groups, privateIp, publicIp, listen } }) {
    const addresses = { ...(privateIp === null ? {} : { privateIp }), ...(publicIp === false ? {} : { publicIp }) };
    const lists = { ...listKey('securityGroups', groups ?? []), ...listKey('listen', listen.map(listenerText)) };
    return { name, subnet, ...lists, ...addresses };
  },
};
