/** `connectionTracking` changes after how much silence an interface forgets its flows. */
import { type ConnectionTrackingInput, modifyConnectionTracking } from '../../cloud/interfaces/connection-tracking.js';
import { interfaceName } from '../../cloud/lookup.js';
import { namedInterface } from '../names.js';
import { timeoutsOf } from '../read-parts.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface ChangeConnectionTracking {
  readonly type: 'connection-tracking';
  /** A name, an id or `web-1.eth1`. */
  readonly instance: string;
  /** A time-out that is left out stays as it is. */
  readonly timeouts: ConnectionTrackingInput;
}

const TIMEOUTS = [
  { tcpEstablishedTimeout: 60 },
  { udpTimeout: 60 },
  { udpStreamTimeout: 60 },
  { tcpEstablishedTimeout: 432_000, udpTimeout: 30, udpStreamTimeout: 180 },
] as const;

const schema = ({ connectionTrackingSchema, interfaceSchema }: SchemaParts) =>
  connectionTrackingSchema
    .extend({ instance: interfaceSchema })
    .describe(
      'Changes idle time-outs; what is left out stays. Example: `connectionTracking: { instance: web-1, udpTimeout: 60 }`',
    );

export const connectionTracking: Verb<ChangeConnectionTracking, DefinitionOf<typeof schema>> = {
  key: 'connectionTracking',
  schema,
  read({ problems, path }, { instance, ...timeouts }) {
    if (Object.keys(timeouts).length === 0) {
      const hint = 'Write `tcpEstablishedTimeout`, `udpStreamTimeout` or `udpTimeout`.';
      problems.add(path, { message: 'nothing to change', hint });
    }
    return {
      mutation: { type: 'connection-tracking', instance, timeouts: timeoutsOf(timeouts) },
      names: [namedInterface([...path, 'instance'], instance)],
    };
  },
  apply: (cloud, { instance, timeouts }) => modifyConnectionTracking(cloud, instance, timeouts),
  text({ instance, timeouts }) {
    const changes = Object.entries(timeouts).map(([key, value]) => `${key} ${value} s`);
    return `connection tracking of ${instance}: ${changes.join(', ')}`;
  },
  step: ({ instance, timeouts }) => ({ instance, ...timeouts }),
  random: {
    weight: 1,
    choose(cloud, choices) {
      const eni = choices.of(Object.values(cloud.networkInterfaces));
      const timeouts = choices.of(TIMEOUTS);
      if (eni === undefined || timeouts === undefined) return null;
      return { type: 'connection-tracking', instance: interfaceName(cloud, eni.id), timeouts };
    },
  },
};
