import type { InterfaceItem } from '../inventory.js';
import type { PlanResource } from './plan.js';
import type { PlanReader } from './plan-reader.js';
import { GROUP_TYPES } from './read-groups.js';
import { SUBNET_TYPES } from './read-network.js';
import type { Refusal, ResourceReader } from './read-plan.js';

const INTERFACE_TYPES = ['aws_network_interface'];
const INSTANCE_TYPES = ['aws_instance'];

export const MACHINE_READERS: Readonly<Record<string, ResourceReader>> = {
  aws_network_interface: readInterface,
  aws_instance: readInstance,
  aws_network_interface_attachment: readAttachment,
  aws_network_interface_sg_attachment: readGroupAttachment,
  aws_eip: readAddress,
  aws_eip_association: readAddress,
};

function readInterface(reader: PlanReader, resource: PlanResource): undefined {
  const { values } = resource;
  const ips = values.texts('private_ips');
  const list = values.texts('private_ip_list');
  const ipv6 = values.at('ipv6_addresses').isMissing ? null : values.texts('ipv6_addresses');
  alsoSays(resource, ips.length + list.length > 0, 'private_ip', 'private_ips_count');
  alsoSays(resource, ipv6 !== null, 'ipv6_address_count');
  reader.inventory.interfaces.push({
    ...reader.head(resource, 'eni'),
    subnet: reader.one(resource, 'subnet_id', SUBNET_TYPES),
    vpc: null,
    privateIps: list.length > 0 ? list : ips,
    ipv6,
    groups: orNull(reader.many(resource, 'security_groups', GROUP_TYPES)),
    sourceDestCheck: values.flag('source_dest_check') ?? true,
    connectionTracking: {},
    publicIp: false,
  });
}

function readInstance(reader: PlanReader, resource: PlanResource): undefined {
  const { values } = resource;
  const head = reader.head(resource, 'i');
  // Names of groups, where there are ids as well.
  alsoSays(resource, !values.at('vpc_security_group_ids').isMissing, 'security_groups');
  const blocks = values.items('network_interface');
  const attached = blocks.length === 0 ? [] : reader.unknown(resource, 'network_interface', INTERFACE_TYPES);
  const known = blocks.flatMap((block) => reader.many(resource, 'network_interface_id', INTERFACE_TYPES, block));
  const own = blocks.length === 0 ? [primaryInterface(reader, resource)] : [];
  reader.inventory.interfaces.push(...own);
  const interfaces = [...own.map(({ key }) => key), ...(known.length > 0 ? known : attached)];
  reader.inventory.instances.push({ ...head, interfaces });
}

/** The interface that AWS makes for an instance without one of its own. */
function primaryInterface(reader: PlanReader, resource: PlanResource): InterfaceItem {
  const { values, address } = resource;
  const subnet = reader.one(resource, 'subnet_id', SUBNET_TYPES);
  const mapped = reader.inventory.subnets.find(({ key }) => key === subnet)?.mapPublicIp ?? false;
  const wished = values.flag('associate_public_ip_address') ?? mapped;
  const ipv6 = values.at('ipv6_addresses').isMissing ? null : values.texts('ipv6_addresses');
  alsoSays(resource, ipv6 !== null, 'ipv6_address_count');
  return {
    key: `${address}.primary`,
    id: null,
    name: null,
    place: reader.place(resource),
    subnet,
    vpc: null,
    privateIps: [...[values.text('private_ip') ?? []].flat(), ...values.texts('secondary_private_ips')],
    ipv6,
    groups: orNull(reader.many(resource, 'vpc_security_group_ids', GROUP_TYPES)),
    sourceDestCheck: values.flag('source_dest_check') ?? true,
    connectionTracking: {},
    publicIp: values.text('public_ip') ?? wished,
  };
}

/** Attributes that say again, or how many there are of, what is known. */
function alsoSays({ values }: PlanResource, isKnown: boolean, ...attributes: readonly string[]): void {
  if (isKnown) for (const attribute of attributes) values.at(attribute);
}

/** Interfaces that name their instance in a block of their own. */
export function attachInline(reader: PlanReader): void {
  for (const resource of reader.plan.resources) {
    const [block] = resource.type === 'aws_network_interface' ? resource.values.items('attachment') : [];
    if (block === undefined) continue;
    const named = block.at('instance').isMissing
      ? reader.unknown(resource, 'attachment', INSTANCE_TYPES)
      : reader.many(resource, 'instance', INSTANCE_TYPES, block);
    const position = reader.inventory.instances.findIndex(({ key }) => named.includes(key));
    const found = reader.inventory.instances[position];
    if (found === undefined) reader.refuse(resource, 'the instance that it is attached to is not known');
    else if (!found.interfaces.includes(resource.address)) {
      reader.inventory.instances[position] = { ...found, interfaces: [...found.interfaces, resource.address] };
    }
  }
}

function readAttachment(reader: PlanReader, resource: PlanResource): Refusal {
  const eni = reader.one(resource, 'network_interface_id', INTERFACE_TYPES);
  const instance = reader.one(resource, 'instance_id', INSTANCE_TYPES);
  const position = reader.inventory.instances.findIndex(({ key }) => key === instance);
  const found = reader.inventory.instances[position];
  if (eni === null || found === undefined) return 'its instance or interface is not known';
  reader.inventory.instances[position] = { ...found, interfaces: [...found.interfaces, eni] };
}

function readGroupAttachment(reader: PlanReader, resource: PlanResource): Refusal {
  const group = reader.one(resource, 'security_group_id', GROUP_TYPES);
  const key = interfaceKey(reader, resource, 'network_interface_id');
  const position = reader.inventory.interfaces.findIndex((each) => each.key === key);
  const found = reader.inventory.interfaces[position];
  if (group === null || found === undefined) return 'its group or interface is not known';
  reader.inventory.interfaces[position] = { ...found, groups: [...(found.groups ?? []), group] };
}

/** An Elastic IP of an interface or instance; an address of its own, once Terraform has made it. */
function readAddress(reader: PlanReader, resource: PlanResource): Refusal {
  const key =
    interfaceKey(reader, resource, 'network_interface') ??
    interfaceKey(reader, resource, 'network_interface_id') ??
    interfaceKey(reader, resource, 'instance') ??
    interfaceKey(reader, resource, 'instance_id');
  const position = reader.inventory.interfaces.findIndex((each) => each.key === key);
  const found = reader.inventory.interfaces[position];
  if (found === undefined && isOfNatGateway(reader, resource)) return undefined;
  if (found === undefined) return 'an Elastic IP of no instance or interface of the plan';
  reader.inventory.interfaces[position] = { ...found, publicIp: resource.values.text('public_ip') ?? true };
}

/** sglab gives every NAT gateway one. */
function isOfNatGateway(reader: PlanReader, { address }: PlanResource): boolean {
  const gateways = reader.plan.resources.filter(({ type }) => type === 'aws_nat_gateway');
  return gateways.some((gateway) => reader.many(gateway, 'allocation_id', ['aws_eip']).includes(address));
}

/** An interface, or the primary one of an instance. */
function interfaceKey(reader: PlanReader, resource: PlanResource, attribute: string): string | null {
  const key = reader.one(resource, attribute, [...INTERFACE_TYPES, ...INSTANCE_TYPES]);
  return reader.inventory.instances.find((instance) => instance.key === key)?.interfaces[0] ?? key;
}

function orNull(keys: string[]): string[] | null {
  return keys.length === 0 ? null : keys;
}
