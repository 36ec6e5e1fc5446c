import { quote } from '../../cloud/text/quote.js';
import { Cursor } from '../../source/cursor.js';
import { DefinitionError } from '../../source/problems.js';
import type { SourceTree } from '../../source/tree.js';
import { assume, emptyInventory, type Inventory } from '../inventory.js';
import { TEMPLATE_IRRELEVANT, unreadAttributes } from '../unread.js';
import { amazonBlock } from './amazon-ipv6.js';
import { addDefaultEgress, addDefaultGroups, TEMPLATE_GROUP_READERS } from './groups.js';
import { TEMPLATE_MACHINE_READERS } from './machines.js';
import { TEMPLATE_LAUNCH_READERS, TEMPLATE_MANAGED_READERS } from './managed.js';
import { TEMPLATE_NETWORK_READERS } from './network.js';
import { filledIn, placeholdersIn } from './parameters.js';
import type { TemplateReader, TemplateResource } from './resource.js';
import { Template } from './template.js';

const READERS: Readonly<Record<string, TemplateReader>> = {
  ...TEMPLATE_NETWORK_READERS,
  ...TEMPLATE_GROUP_READERS,
  ...TEMPLATE_LAUNCH_READERS,
  ...TEMPLATE_MACHINE_READERS,
  ...TEMPLATE_MANAGED_READERS,
};

/** Types that refer to others come after these. */
export const TEMPLATE_TYPES = Object.keys(READERS);

/** Properties on whose values packets depend: they need one. */
const VALUES = new Set([
  ...['CidrBlock', 'Ipv6CidrBlock', 'CidrIp', 'CidrIpv6', 'Cidr', 'DestinationCidrBlock', 'DestinationIpv6CidrBlock'],
  ...['PrivateIpAddress', 'Ipv6Address', 'FromPort', 'ToPort', 'From', 'To', 'Port', 'IpProtocol', 'Protocol', 'Code'],
  ...['Type', 'RuleNumber', 'RuleAction', 'Egress', 'MaxEntries', 'AddressFamily', 'SourceDestCheck'],
  ...['MapPublicIpOnLaunch', 'AssociatePublicIpAddress', 'ConnectivityType', 'InstancePort', 'LoadBalancerPort'],
  ...['PubliclyAccessible', 'Scheme'],
]);

/** Never read, and often of functions that only a running stack can evaluate. */
const UNREAD = new Set([
  'UserData',
  'BlockDeviceMappings',
  'IamInstanceProfile',
  'ImageId',
  'KeyName',
  'MetadataOptions',
]);

/**
 * Reads what a CloudFormation template makes.
 * @param given values of its parameters, by name
 */
export function readTemplate(tree: SourceTree, given: Readonly<Record<string, string>>): Inventory {
  const inventory = emptyInventory();
  // A VPC that a template makes has no gateway but those that it attaches.
  inventory.listed.add('gateways');
  const template = new Template(Cursor.root(tree), given);
  const resources = template.resources.keys().flatMap((key) => evaluated(inventory, template, key) ?? []);
  throwIfWaiting(template, resources);
  readResources(inventory, resources.map(named));
  addDefaultGroups(inventory);
  addDefaultEgress(inventory);
  for (const sentence of template.parameters.assumed) assume(inventory, sentence);
  return inventory;
}

function readResources(inventory: Inventory, resources: readonly TemplateResource[]): void {
  const wasRead: TemplateResource[] = [];
  for (const resource of [...resources].sort(
    (a, b) => TEMPLATE_TYPES.indexOf(a.type) - TEMPLATE_TYPES.indexOf(b.type),
  )) {
    const read = Object.hasOwn(READERS, resource.type) ? READERS[resource.type] : undefined;
    if (read !== undefined) {
      const before = inventory.unsupported.length;
      read(inventory, resource);
      // Who was refused is listed as a whole.
      if (inventory.unsupported.length === before) wasRead.push(resource);
    } else {
      inventory.unsupported.push({
        place: resource.place,
        reason: `sglab builds nothing of the type ${resource.type}`,
      });
    }
  }
  for (const { properties, key } of wasRead) {
    inventory.unsupported.push(...unreadAttributes(properties, key, TEMPLATE_IRRELEVANT));
  }
}

/** Resources that cannot be read are not evaluated: their functions need not be known. */
function evaluated(inventory: Inventory, template: Template, key: string): TemplateResource | undefined {
  const item = template.resources.at(key);
  const type = item.needText('Type');
  const place = item.place(key);
  const condition = item.text('Condition');
  if (condition !== null && !template.condition(condition, item)) {
    assume(inventory, `${key} is not made: its condition ${condition} is false with these parameters`);
    return undefined;
  }
  const properties = item.at('Properties');
  if (!Object.hasOwn(READERS, type)) return { key, type, properties, place };
  const own = Object.entries(Object(properties.value)).filter(([name]) => !UNREAD.has(name));
  const values = Object(template.evaluate(Object.fromEntries(own), item));
  if (type === 'AWS::EC2::VPCCidrBlock' && String(values.AmazonProvidedIpv6CidrBlock) === 'true') {
    const block = amazonBlock(template.resources, String(values.VpcId));
    assume(inventory, `${key} gets its IPv6 block from AWS: ${block} stands for it`);
    values.Ipv6CidrBlock = block;
  }
  return { key, type, properties: new Cursor(item.tree, properties.path, values), place };
}

/** Throws DefinitionError, with one problem for each parameter, if a value is missing on which packets depend. */
function throwIfWaiting({ parameters }: Template, resources: readonly TemplateResource[]): void {
  const users = new Map<string, string>();
  for (const { key, type, properties } of resources) {
    if (!Object.hasOwn(READERS, type)) continue;
    for (const [property, value] of leavesOf('', properties.value)) {
      if (!VALUES.has(property)) continue;
      for (const name of placeholdersIn(value)) if (!users.has(name)) users.set(name, `${key}.${property}`);
    }
  }
  const problems = [...users].flatMap(([name, user]) => {
    const message = `parameter ${quote(name)} has no default, and packets depend on it (${user})`;
    return parameters.place(name).problem(message, `Write \`--parameter ${name}=VALUE\`.`).problems;
  });
  if (problems.length > 0) throw new DefinitionError(problems);
}

/** Every plain value with the nearest key above it. */
function leavesOf(key: string, value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(key, item));
  if (typeof value !== 'object' || value === null) return [[key, value]];
  return Object.entries(value).flatMap(([inner, each]) => leavesOf(inner, each));
}

/** What still waits for a parameter is a name. */
function named(resource: TemplateResource): TemplateResource {
  const { tree, path, value } = resource.properties;
  return { ...resource, properties: new Cursor(tree, path, filledIn(value)) };
}
