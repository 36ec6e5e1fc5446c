import type { Instance } from '../../cloud/instances/types.js';
import { DEFAULT_CONNECTION_TRACKING } from '../../cloud/interfaces/connection-tracking.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId } from '../../cloud/lookup.js';
import type { Script } from './script.js';
import { heading, nameTag, word } from './shell.js';

const ALLOCATE = 'ADDRESS=$(aws ec2 allocate-address --domain vpc --query AllocationId --output text)';

/** An instance with its interfaces, which keep their private addresses. */
export function instanceLines(script: Script, instance: Instance): string[] {
  if (instance.kind !== 'ec2') return [];
  const interfaces = instance.interfaceIds.map((id) => byId(script.cloud.networkInterfaces, id));
  const made = interfaces.flatMap((eni) => interfaceLines(script, eni));
  const cards = interfaces
    .map(({ id }, index) => `DeviceIndex=${index},NetworkInterfaceId=${script.use(id)}`)
    .join(' ');
  const args = `--image-id "$IMAGE_ID" --instance-type "$INSTANCE_TYPE" --network-interfaces ${cards}`;
  const run = `run-instances ${args} ${nameTag('instance', instance.name)}`;
  return [
    heading(`instance ${instance.name}`),
    ...made,
    script.assign(instance.id, 'INSTANCE', run, 'Instances[0].InstanceId'),
  ];
}

function interfaceLines(script: Script, eni: NetworkInterface): string[] {
  const [primary = '', ...more] = eni.privateIpAddresses;
  const place = `--subnet-id ${script.use(eni.subnetId)} --groups ${script.use(...eni.groupIds)}`;
  const create = `create-network-interface ${place} --private-ip-address ${primary}${ipv6Args(script, eni)}${trackingArgs(eni)}`;
  const made = script.assign(eni.id, 'INTERFACE', create, 'NetworkInterface.NetworkInterfaceId');
  const own = `--network-interface-id ${script.use(eni.id)}`;
  return [
    made,
    ...(more.length === 0
      ? []
      : [`aws ec2 assign-private-ip-addresses ${own} --private-ip-addresses ${more.join(' ')}`]),
    ...(eni.sourceDestCheck ? [] : [`aws ec2 modify-network-interface-attribute ${own} --no-source-dest-check`]),
    ...(eni.publicIp === null ? [] : [ALLOCATE, `aws ec2 associate-address --allocation-id "$ADDRESS" ${own}`]),
  ];
}

function ipv6Args(script: Script, { ipv6Addresses, subnetId }: NetworkInterface): string {
  const vpc = byId(script.cloud.vpcs, byId(script.cloud.subnets, subnetId).vpcId);
  if (ipv6Addresses.length === 0 || !script.hasIpv6(vpc)) return '';
  return ` --ipv6-addresses ${ipv6Addresses.map((each) => `Ipv6Address=${word(script.block(each))}`).join(' ')}`;
}

function trackingArgs({ connectionTracking }: NetworkInterface): string {
  if (JSON.stringify(connectionTracking) === JSON.stringify(DEFAULT_CONNECTION_TRACKING)) return '';
  const { tcpEstablishedTimeout, udpStreamTimeout, udpTimeout } = connectionTracking;
  return ` --connection-tracking-specification TcpEstablishedTimeout=${tcpEstablishedTimeout},UdpStreamTimeout=${udpStreamTimeout},UdpTimeout=${udpTimeout}`;
}

export function natGatewayLines(script: Script, { id, kind, name, interfaceIds: [eniId = ''] }: Instance): string[] {
  if (kind !== 'nat-gateway') return [];
  const { subnetId, privateIpAddresses } = byId(script.cloud.networkInterfaces, eniId);
  const [privateIp = ''] = privateIpAddresses;
  const args = `--subnet-id ${script.use(subnetId)} --allocation-id "$ADDRESS" --private-ip-address ${privateIp}`;
  const create = `create-nat-gateway ${args} ${nameTag('natgateway', name)}`;
  return [
    heading(`NAT gateway ${name}`),
    ALLOCATE,
    script.assign(id, 'NAT', create, 'NatGateway.NatGatewayId'),
    `aws ec2 wait nat-gateway-available --nat-gateway-ids ${script.use(id)}`,
  ];
}
