import { Cursor } from '../../source/cursor.js';
import { AWS_LISTS, AWS_NOT_NEEDED } from '../../source/kinds.js';
import type { SourceTree } from '../../source/tree.js';
import { emptyInventory, type Inventory } from '../inventory.js';
import { AWS_IRRELEVANT, unreadAttributes } from '../unread.js';
import { readGroups, readRuleRecords } from './groups.js';
import { readAddresses, readInstances, readInterfaces } from './machines.js';
import { readNatGateways, readNetworkAcls, readPeerings, readSubnets, readVpcs } from './network.js';
import { readPrefixLists } from './prefix-lists.js';
import { readGateways, readRouteTables } from './routes.js';

/** Pages of an answer, and what no packet depends on. */
const BESIDE: ReadonlySet<string> = new Set(['NextToken', 'ResponseMetadata', ...AWS_NOT_NEEDED]);

/** Reads what several answers, each perhaps a list of answers, say together. */
export function readAws(trees: readonly SourceTree[]): Inventory {
  const inventory = emptyInventory();
  const answers = trees.flatMap(answersOf);
  const all = (key: (typeof AWS_LISTS)[number]) => answers.flatMap((answer) => answer.items(key));
  readVpcs(inventory, all('Vpcs'));
  readSubnets(inventory, all('Subnets'));
  if (answers.some((answer) => !answer.at('InternetGateways').isMissing)) inventory.listed.add('gateways');
  readGateways(inventory, all('InternetGateways'), all('EgressOnlyInternetGateways'));
  readPeerings(inventory, all('VpcPeeringConnections'));
  const records = all('SecurityGroupRules');
  readGroups(inventory, all('SecurityGroups'), new Set(records.map((record) => record.needText('GroupId'))));
  readRuleRecords(inventory, records);
  readPrefixLists(inventory, all('PrefixLists'), answers);
  readNatGateways(inventory, all('NatGateways'));
  const interfaces = all('NetworkInterfaces');
  const instances = all('Reservations').flatMap((reservation) => reservation.items('Instances'));
  readInterfaces(inventory, interfaces);
  readInstances(inventory, instances);
  readAddresses(inventory, all('Addresses'));
  readRouteTables(inventory, all('RouteTables'));
  readNetworkAcls(inventory, all('NetworkAcls'));
  listUnread(inventory, answers);
  for (const answer of answers) {
    for (const key of answer.keys()) {
      if (BESIDE.has(key) || AWS_LISTS.some((known) => known === key)) continue;
      inventory.unsupported.push({ place: answer.at(key).place(key), reason: 'sglab builds nothing of this kind' });
    }
  }
  return inventory;
}

/** A resource is called by its id: the first of these that it has. */
const IDS = [
  ...['SecurityGroupRuleId', 'GroupId', 'InstanceId', 'NetworkInterfaceId', 'PrefixListId', 'RouteTableId'],
  ...['InternetGatewayId', 'EgressOnlyInternetGatewayId', 'VpcPeeringConnectionId', 'NetworkAclId', 'NatGatewayId'],
  ...['SubnetId', 'VpcId', 'PublicIp'],
];

function listUnread(inventory: Inventory, answers: readonly Cursor[]): void {
  for (const list of AWS_LISTS) {
    const items = answers.flatMap((answer) => answer.items(list));
    const resources = list === 'Reservations' ? items.flatMap((each) => each.items('Instances')) : items;
    for (const resource of resources) {
      const [id = list] = (NAMED_BY[list] ?? IDS).flatMap((key) => resource.text(key) ?? []);
      inventory.unsupported.push(...unreadAttributes(resource, id, AWS_IRRELEVANT));
    }
  }
}

/** An Elastic IP names what it belongs to as well. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = { Addresses: ['PublicIp'], Entries: ['Cidr'] };

function answersOf(tree: SourceTree): Cursor[] {
  const whole = Cursor.root(tree);
  return Array.isArray(whole.value) ? whole.list() : [whole];
}
