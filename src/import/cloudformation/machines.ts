import type { Cursor } from '../../source/cursor.js';
import { type InterfaceItem, type Inventory, readConnectionTracking } from '../inventory.js';
import { launchBy } from '../managed.js';
import { headOf, type TemplateReader, type TemplateResource } from './resource.js';

export const TEMPLATE_MACHINE_READERS: Readonly<Record<string, TemplateReader>> = {
  'AWS::EC2::NetworkInterface': (inventory, resource) => {
    inventory.interfaces.push(readInterface(inventory, resource.properties, headOf(resource)));
  },
  'AWS::EC2::Instance': readInstance,
  'AWS::EC2::NetworkInterfaceAttachment': readAttachment,
  'AWS::EC2::EIP': readAddress,
  'AWS::EC2::EIPAssociation': readAddress,
};

type Head = Pick<InterfaceItem, 'key' | 'id' | 'name' | 'place'>;

function readInstance(inventory: Inventory, resource: TemplateResource): void {
  const { properties, key } = resource;
  const head = headOf(resource);
  const blocks = [...properties.items('NetworkInterfaces')].sort((a, b) => indexOf(a) - indexOf(b));
  const interfaces = (blocks.length === 0 ? [properties] : blocks).map((block, position) => {
    const known = block.text('NetworkInterfaceId');
    if (known !== null) return known;
    const own = { ...head, key: `${key}.eth${position}` };
    inventory.interfaces.push(readInterface(inventory, block, own));
    return own.key;
  });
  const own = properties.at('LaunchTemplate');
  launchBy(inventory, interfaces[0], own.text('LaunchTemplateId') ?? own.text('LaunchTemplateName'));
  own.ignore();
  inventory.instances.push({ ...head, interfaces });
}

/** The properties of an interface; an instance has them under other names. */
function readInterface(inventory: Inventory, properties: Cursor, head: Head): InterfaceItem {
  const subnet = properties.text('SubnetId');
  const listed = [...properties.items('PrivateIpAddresses')].sort(
    (a, b) => Number(isPrimary(b)) - Number(isPrimary(a)),
  );
  const own = properties.text('PrivateIpAddress');
  const more = listed.flatMap((each) => each.text('PrivateIpAddress') ?? []).filter((address) => address !== own);
  const groups = ['GroupSet', 'SecurityGroupIds', 'SecurityGroups'].flatMap((key) => properties.texts(key));
  const isOfInstance = head.key.includes('.eth');
  return {
    ...head,
    subnet,
    vpc: null,
    privateIps: own === null ? more : [own, ...more],
    ipv6: properties.at('Ipv6Addresses').isMissing
      ? null
      : properties.items('Ipv6Addresses').flatMap((each) => each.text('Ipv6Address') ?? []),
    groups: groups.length === 0 ? null : groups.map((group) => groupKey(inventory, group)),
    sourceDestCheck: properties.flag('SourceDestCheck') ?? true,
    connectionTracking: readConnectionTracking(properties.at('ConnectionTrackingSpecification')),
    publicIp: properties.flag('AssociatePublicIpAddress') ?? (isOfInstance ? null : false),
  };
}

/** `SecurityGroups` has names. */
function groupKey({ groups }: Inventory, word: string): string {
  return groups.find(({ key }) => key === word)?.key ?? groups.find(({ name }) => name === word)?.key ?? word;
}

function readAttachment(inventory: Inventory, { properties, place }: TemplateResource): void {
  const position = inventory.instances.findIndex(({ key }) => key === properties.needText('InstanceId'));
  const instance = inventory.instances[position];
  const eni = properties.needText('NetworkInterfaceId');
  if (instance === undefined) inventory.unsupported.push({ place, reason: 'its instance is not in the template' });
  else inventory.instances[position] = { ...instance, interfaces: [...instance.interfaces, eni] };
}

/** An Elastic IP; which one it will be, only AWS knows. */
function readAddress(inventory: Inventory, { properties, place, type }: TemplateResource): void {
  const instance = inventory.instances.find(({ key }) => key === properties.text('InstanceId'));
  const eni = instance?.interfaces[0] ?? properties.text('NetworkInterfaceId');
  const position = inventory.interfaces.findIndex(({ key }) => key === eni);
  const found = inventory.interfaces[position];
  if (found !== undefined) inventory.interfaces[position] = { ...found, publicIp: true };
  // One that an association or a NAT gateway gives away has no say of its own.
  else if (type !== 'AWS::EC2::EIP' || eni !== null) {
    inventory.unsupported.push({ place, reason: 'an Elastic IP of no instance or interface of the template' });
  }
}

function indexOf(block: Cursor): number {
  return block.number('DeviceIndex') ?? 0;
}

function isPrimary(block: Cursor): boolean {
  return block.flag('Primary') === true;
}
