import { managedPrefixLists } from '../../cloud/groups/prefix-list.js';
import type { Cursor } from '../../source/cursor.js';
import { assume, type Inventory, type PrefixListItem } from '../inventory.js';

/**
 * `describe-managed-prefix-lists`, and the answers of `get-managed-prefix-list-entries`, which do not say whose they are:
 * they are taken in the order of the lists, unless they stand in a list or have its `PrefixListId` beside them.
 */
export function readPrefixLists(inventory: Inventory, items: readonly Cursor[], answers: readonly Cursor[]): void {
  const entries = answers.filter((answer) => !answer.at('Entries').isMissing);
  const named = new Map(entries.flatMap((answer) => pairs(answer)));
  const inOrder = entries.filter((answer) => answer.text('PrefixListId') === null);
  for (const item of items) {
    const id = item.needText('PrefixListId');
    // AWS's own are in every account, and in every lab.
    if (item.text('OwnerId') === 'AWS' && item.at('Entries').isMissing) {
      readAwsList(inventory, item, id);
      continue;
    }
    const own = item.at('Entries').isMissing ? (named.get(id) ?? inOrder.shift()) : item;
    const list = readList(item, id, own?.items('Entries') ?? []);
    inventory.prefixLists.push(list);
    if (own === undefined) {
      const reason = 'its entries are not described: `aws ec2 get-managed-prefix-list-entries` prints them';
      inventory.unsupported.push({ place: item.place(id), reason, of: [id] });
    }
  }
  for (const answer of inOrder) {
    const reason = 'the entries of a prefix list that is not described beside them';
    inventory.unsupported.push({ place: answer.at('Entries').place('Entries'), reason });
  }
}

/** One that a rule names gets what sglab knows of the service. */
function readAwsList(inventory: Inventory, item: Cursor, id: string): void {
  const name = item.needText('PrefixListName');
  const [, region = '', service = ''] = /^com\.amazonaws\.([^.]+)\.(.*)$/.exec(name) ?? [];
  const known = Object.values(managedPrefixLists(region)).find((list) => list.name.endsWith(`.${service}`));
  item.ignore();
  if (!inventory.rules.some(({ peer }) => peer.type === 'prefix-list' && peer.key === id)) return;
  const list = readList(item, id, []);
  if (known === undefined)
    inventory.unsupported.push({ place: item.place(id), reason: `sglab knows no blocks of ${name}`, of: [id] });
  else assume(inventory, `the blocks of ${name} are those that sglab has of the service`, id);
  const { maxEntries = 1, entries = [] } = known ?? {};
  inventory.prefixLists.push({ ...list, maxEntries: Math.max(maxEntries, entries.length), entries });
}

function pairs(answer: Cursor): [string, Cursor][] {
  const id = answer.text('PrefixListId');
  return id === null ? [] : [[id, answer]];
}

function readList(item: Cursor, id: string, entries: readonly Cursor[]): PrefixListItem {
  const family = item.text('AddressFamily');
  const read = entries.map((entry) => ({ cidr: entry.needText('Cidr'), description: entry.text('Description') }));
  return {
    key: id,
    id,
    name: item.text('PrefixListName'),
    family: family === 'IPv6' || read[0]?.cidr.includes(':') === true ? 'ipv6' : 'ipv4',
    maxEntries: item.number('MaxEntries'),
    entries: read,
    place: item.place(id),
  };
}
