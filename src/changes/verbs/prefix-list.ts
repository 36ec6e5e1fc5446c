/** `prefixList` changes the entries of a managed prefix list. */
import { modifyPrefixList } from '../../cloud/groups/prefix-list.js';
import { resolvePrefixList } from '../../cloud/text/resolve.js';
import { BLOCKS4, BLOCKS6 } from '../choices.js';
import { listOf } from '../read-parts.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface ChangePrefixList {
  readonly type: 'prefix-list';
  /** A name or id. */
  readonly name: string;
  /** Blocks. */
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

const schema = ({ z, oneOrMany, cidrText }: SchemaParts) =>
  z
    .strictObject({
      name: z.string().describe('The prefix list’s name. Example: `name: partners`'),
      add: oneOrMany(cidrText).optional().describe('Blocks. Example: `add: 10.2.0.0/16`'),
      remove: oneOrMany(cidrText).optional().describe('Blocks. Example: `remove: 10.1.0.0/16`'),
    })
    .describe('Changes the entries of a prefix list. Example: `prefixList: { name: partners, add: 10.2.0.0/16 }`');

export const prefixList: Verb<ChangePrefixList, DefinitionOf<typeof schema>> = {
  key: 'prefixList',
  schema,
  read: (_, { name, add, remove }) => ({
    mutation: { type: 'prefix-list', name, add: listOf(add), remove: listOf(remove) },
  }),
  apply: (cloud, { name, add, remove }) =>
    modifyPrefixList(cloud, resolvePrefixList(cloud, name).id, { add: add.map((cidr) => ({ cidr })), remove }),
  text: ({ name, add, remove }) =>
    `prefix list ${name}: ${[...add.map((cidr) => `+${cidr}`), ...remove.map((cidr) => `-${cidr}`)].join(', ')}`,
  step: ({ name, add, remove }) => ({ name, add, remove }),
  random: {
    weight: 1,
    choose(cloud, choices) {
      const list = choices.of(Object.values(cloud.prefixLists));
      if (list === undefined) return null;
      const present = list.entries.map(({ cidr }) => cidr);
      const block = choices.of(list.family === 'ipv4' ? BLOCKS4.slice(1) : BLOCKS6.slice(1)) ?? '';
      const change = present.includes(block) ? { add: [], remove: [block] } : { add: [block], remove: [] };
      return { type: 'prefix-list', name: list.name, ...change };
    },
  },
};
