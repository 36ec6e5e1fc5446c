/** `networkAcl` sets and removes entries of a network ACL. */
import type { Direction } from '../../cloud/groups/types.js';
import { changeNetworkAcl, type EntryInput, entryText } from '../../cloud/network/network-acl.js';
import { resolveNetworkAcl } from '../../cloud/text/resolve.js';
import { BLOCKS4, BLOCKS6, chooseRange } from '../choices.js';
import { readEntries } from '../read-entries.js';
import { listOf } from '../read-parts.js';
import type { SchemaParts } from '../schema-parts.js';
import { entryStep, listKey } from '../step-form.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface ChangeNetworkAcl {
  readonly type: 'network-acl';
  /** A name or id. */
  readonly name: string;
  /** Entries, which replace those of the same number. */
  readonly set: readonly EntryInput[];
  readonly remove: readonly { readonly direction: Direction; readonly number: number }[];
}

/** These numbers come before, between and behind the entries 100 and 101 of a default list. */
const ENTRY_NUMBERS = [90, 100, 101, 110] as const;

const schema = ({ z, entriesShape, oneOrMany }: SchemaParts) => {
  const numbers = oneOrMany(z.int()).optional();
  return z
    .strictObject({
      name: z.string().describe('The network ACL’s name. Example: `name: strict`'),
      ...entriesShape,
      remove: z
        .strictObject({
          inbound: numbers.describe('Numbers of entries. Example: `inbound: 90`'),
          outbound: numbers.describe('Numbers of entries. Example: `outbound: [90, 100]`'),
        })
        .optional()
        .describe('Entries to remove; they are removed first. Example: `remove: { inbound: 90 }`'),
    })
    .describe(
      'Sets entries, replacing those of the same number, and removes others, all or none. Example: `networkAcl: { name: strict, remove: { inbound: 90 } }`',
    );
};

export const networkAcl: Verb<ChangeNetworkAcl, DefinitionOf<typeof schema>> = {
  key: 'networkAcl',
  schema,
  read(place, { name, remove = {}, ...entries }) {
    const set = readEntries(place, entries).map(({ entry }) => entry);
    const removed = [
      ...listOf(remove.inbound).map((number) => ({ direction: 'ingress', number }) as const),
      ...listOf(remove.outbound).map((number) => ({ direction: 'egress', number }) as const),
    ];
    if ((entries.inbound ?? entries.outbound) === undefined && removed.length === 0) {
      const hint = 'Write `inbound`, `outbound` or `remove`.';
      place.problems.add(place.path, { message: 'nothing to change', hint });
    }
    return { mutation: { type: 'network-acl', name, set, remove: removed } };
  },
  apply: (cloud, { name, set, remove }) => changeNetworkAcl(cloud, resolveNetworkAcl(cloud, name).id, { set, remove }),
  text({ name, set, remove }) {
    const removed = remove.map(({ direction, number }) => {
      return `-${direction === 'ingress' ? 'inbound' : 'outbound'} ${number}`;
    });
    return `network ACL ${name}: ${[...removed, ...set.map((each) => `${each.number} ${entryText(each)}`)].join(', ')}`;
  },
  step({ name, set, remove }) {
    const removed = remove.length === 0 ? {} : { remove: byDirection(remove, ({ number }) => number) };
    return { name, ...byDirection(set, entryStep), ...removed };
  },
  random: {
    weight: 2,
    choose(cloud, choices) {
      const list = choices.of(Object.values(cloud.networkAcls));
      if (list === undefined) return null;
      const present = choices.number(3) === 2 ? choices.of(list.entries) : undefined;
      if (present !== undefined) return { type: 'network-acl', name: list.name, set: [], remove: [present] };
      const protocol = choices.of(['tcp', '-1', 'udp', 'icmp', '47', 'icmpv6']) ?? 'tcp';
      const entry: EntryInput = {
        number: choices.of(ENTRY_NUMBERS) ?? 90,
        direction: choices.number(2) === 0 ? 'ingress' : 'egress',
        action: choices.number(3) === 2 ? 'allow' : 'deny',
        protocol,
        ...chooseRange(protocol, choices),
        cidr: choices.of([...BLOCKS4, ...BLOCKS6]) ?? '0.0.0.0/0',
      };
      return { type: 'network-acl', name: list.name, set: [entry], remove: [] };
    },
  },
};

function byDirection<T extends { readonly direction: Direction }>(
  items: readonly T[],
  write: (item: T) => unknown,
): object {
  const of = (direction: Direction) => items.filter((item) => item.direction === direction).map(write);
  return { ...listKey('inbound', of('ingress')), ...listKey('outbound', of('egress')) };
}
