import type { InterfaceItem } from '../inventory.js';
import { launchBy } from '../managed.js';
import { inBlock, TEMPLATE_TYPES } from './managed.js';
import { GROUP_TYPES, type ReadResource, type Refusal, type ResourceReader, SUBNET_TYPES } from './resource-reader.js';

const INTERFACE_TYPES = ['aws_network_interface'];
const INSTANCE_TYPES = ['aws_instance'];

export const MACHINE_READERS: Readonly<Record<string, ReadResource>> = {
  aws_network_interface: readInterface,
  aws_instance: readInstance,
  aws_network_interface_attachment: readAttachment,
  aws_network_interface_sg_attachment: readGroupAttachment,
  aws_eip: readAddress,
  aws_eip_association: readAddress,
};

function readInterface(reader: ResourceReader): undefined {
  const { values } = reader;
  const ips = values.texts('private_ips');
  const list = values.texts('private_ip_list');
  const ipv6 = values.at('ipv6_addresses').isMissing ? null : values.texts('ipv6_addresses');
  alsoSays(reader, ips.length + list.length > 0, 'private_ip', 'private_ips_count');
  alsoSays(reader, ipv6 !== null, 'ipv6_address_count');
  reader.inventory.interfaces.push({
    ...reader.head('eni'),
    subnet: reader.one('subnet_id', SUBNET_TYPES),
    vpc: null,
    privateIps: list.length > 0 ? list : ips,
    ipv6,
    groups: orNull(reader.many('security_groups', GROUP_TYPES)),
    sourceDestCheck: values.flag('source_dest_check') ?? true,
    connectionTracking: {},
    publicIp: false,
  });
}

function readInstance(reader: ResourceReader): undefined {
  const { values } = reader;
  const head = reader.head('i');
  // Names of groups, where there are ids as well.
  alsoSays(reader, !values.at('vpc_security_group_ids').isMissing, 'security_groups');
  const blocks = values.items('network_interface');
  const attached = blocks.length === 0 ? [] : reader.unknown('network_interface', INTERFACE_TYPES);
  const known = blocks.flatMap((block) => reader.many('network_interface_id', INTERFACE_TYPES, block));
  const own = blocks.length === 0 ? [primaryInterface(reader)] : [];
  reader.inventory.interfaces.push(...own);
  const interfaces = [...own.map(({ key }) => key), ...(known.length > 0 ? known : attached)];
  const [template] = values
    .items('launch_template')
    .flatMap((block) => inBlock(reader, 'launch_template', block, 'id', TEMPLATE_TYPES));
  launchBy(reader.inventory, interfaces[0], template ?? null);
  values.at('launch_template').ignore();
  reader.inventory.instances.push({ ...head, interfaces });
}

/** The interface that AWS makes for an instance without one of its own. */
function primaryInterface(reader: ResourceReader): InterfaceItem {
  const { values, address } = reader;
  const subnet = reader.one('subnet_id', SUBNET_TYPES);
  const ipv6 = values.at('ipv6_addresses').isMissing ? null : values.texts('ipv6_addresses');
  alsoSays(reader, ipv6 !== null, 'ipv6_address_count');
  return {
    key: `${address}.primary`,
    id: null,
    name: null,
    place: reader.place,
    subnet,
    vpc: null,
    privateIps: [...[values.text('private_ip') ?? []].flat(), ...values.texts('secondary_private_ips')],
    ipv6,
    groups: orNull(reader.many('vpc_security_group_ids', GROUP_TYPES)),
    sourceDestCheck: values.flag('source_dest_check') ?? true,
    connectionTracking: {},
    publicIp: values.text('public_ip') ?? values.flag('associate_public_ip_address'),
  };
}

/** Attributes that say again, or how many there are of, what is known. */
function alsoSays({ values }: ResourceReader, isKnown: boolean, ...attributes: readonly string[]): void {
  if (isKnown) for (const attribute of attributes) values.at(attribute);
}

/** Interfaces that name their instance in a block of their own. */
export function attachInline(readers: readonly ResourceReader[]): void {
  for (const reader of readers) {
    const [block] = reader.resource.type === 'aws_network_interface' ? reader.values.items('attachment') : [];
    if (block === undefined) continue;
    const named = block.at('instance').isMissing
      ? reader.unknown('attachment', INSTANCE_TYPES)
      : reader.many('instance', INSTANCE_TYPES, block);
    const { instances } = reader.inventory;
    const position = instances.findIndex(({ key }) => named.includes(key));
    const found = instances[position];
    if (found === undefined) reader.refuse('the instance that it is attached to is not known');
    else if (!found.interfaces.includes(reader.address)) {
      instances[position] = { ...found, interfaces: [...found.interfaces, reader.address] };
    }
  }
}

function readAttachment(reader: ResourceReader): Refusal {
  const eni = reader.one('network_interface_id', INTERFACE_TYPES);
  const instance = reader.one('instance_id', INSTANCE_TYPES);
  const position = reader.inventory.instances.findIndex(({ key }) => key === instance);
  const found = reader.inventory.instances[position];
  if (eni === null || found === undefined) return 'its instance or interface is not known';
  reader.inventory.instances[position] = { ...found, interfaces: [...found.interfaces, eni] };
}

function readGroupAttachment(reader: ResourceReader): Refusal {
  const group = reader.one('security_group_id', GROUP_TYPES);
  const key = interfaceKey(reader, 'network_interface_id');
  const position = reader.inventory.interfaces.findIndex((each) => each.key === key);
  const found = reader.inventory.interfaces[position];
  if (group === null || found === undefined) return 'its group or interface is not known';
  reader.inventory.interfaces[position] = { ...found, groups: [...(found.groups ?? []), group] };
}

/** An Elastic IP of an interface or instance; an address of its own, once Terraform has made it. */
function readAddress(reader: ResourceReader): Refusal {
  const key =
    interfaceKey(reader, 'network_interface') ??
    interfaceKey(reader, 'network_interface_id') ??
    interfaceKey(reader, 'instance') ??
    interfaceKey(reader, 'instance_id');
  const position = reader.inventory.interfaces.findIndex((each) => each.key === key);
  const found = reader.inventory.interfaces[position];
  if (found === undefined && isOfNatGateway(reader)) return undefined;
  if (found === undefined) return reader.leaveOut('an Elastic IP of no instance or interface of the plan');
  reader.inventory.interfaces[position] = { ...found, publicIp: reader.values.text('public_ip') ?? true };
}

/** sglab gives every NAT gateway one. */
function isOfNatGateway(reader: ResourceReader): boolean {
  return reader
    .others('aws_nat_gateway')
    .some((gateway) => gateway.many('allocation_id', ['aws_eip']).includes(reader.address));
}

/** An interface, or the primary one of an instance. */
function interfaceKey(reader: ResourceReader, attribute: string): string | null {
  const key = reader.one(attribute, [...INTERFACE_TYPES, ...INSTANCE_TYPES]);
  return reader.inventory.instances.find((instance) => instance.key === key)?.interfaces[0] ?? key;
}

function orNull(keys: readonly string[]): readonly string[] | null {
  return keys.length === 0 ? null : keys;
}
