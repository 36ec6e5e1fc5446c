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
  const blocks = new Map(items.flatMap((item) => blocksOf(item)));
  const inOrder = entries.filter((answer) => answer.text('PrefixListId') === null);
  for (const item of items) {
    const id = item.needText('PrefixListId');
    // AWS's own are in every account, and in every lab.
    const isOfAws = item.text('OwnerId') === 'AWS' || !item.at('Cidrs').isMissing;
    if (isOfAws && item.at('Entries').isMissing) {
      readAwsList(inventory, item, blocks.get(id) ?? null);
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

/** `describe-prefix-lists` tells the blocks of AWS's lists. */
function blocksOf(item: Cursor): [string, string[]][] {
  const id = item.text('PrefixListId');
  return id === null || item.at('Cidrs').isMissing ? [] : [[id, item.texts('Cidrs')]];
}

/**
 * One that a rule or route names.
 * @param blocks null: what sglab knows of the service stands for them
 */
function readAwsList(inventory: Inventory, item: Cursor, blocks: readonly string[] | null): void {
  const id = item.needText('PrefixListId');
  const name = item.needText('PrefixListName');
  item.ignore();
  const isNamed = inventory.rules.some(({ peer }) => peer.type === 'prefix-list' && peer.key === id);
  if (!isNamed || inventory.prefixLists.some(({ key }) => key === id)) return;
  const list = readList(item, id, []);
  if (blocks !== null) {
    const entries = blocks.map((cidr) => ({ cidr, description: null }));
    const family = blocks.some((cidr) => cidr.includes(':')) ? 'ipv6' : 'ipv4';
    inventory.prefixLists.push({ ...list, family, maxEntries: entries.length, entries });
    return;
  }
  const [, region = '', service = ''] = /^com\.amazonaws\.([^.]+)\.(.*)$/.exec(name) ?? [];
  const known = Object.values(managedPrefixLists(region)).find((each) => each.name.endsWith(`.${service}`));
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
