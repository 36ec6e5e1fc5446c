/** A running lab follows any change of its cloud, and nobody else notices. */
import fs from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGatewayEndpoint, deleteGatewayEndpoint } from '../../src/cloud/gateways/gateway-endpoint.js';
import {
  attachInternetGateway,
  createInternetGateway,
  detachInternetGateway,
} from '../../src/cloud/gateways/internet-gateway.js';
import { createPeering } from '../../src/cloud/gateways/peering.js';
import { createExternalHost } from '../../src/cloud/instances/external-host.js';
import { startInstance, stopInstance, terminateInstance } from '../../src/cloud/instances/instance-life.js';
import { allocateAddress, associateAddress, disassociateAddress } from '../../src/cloud/interfaces/elastic-ip.js';
import { assignAddresses, unassignAddresses } from '../../src/cloud/interfaces/interface-addresses.js';
import {
  attachNetworkInterface,
  createNetworkInterface,
  detachNetworkInterface,
} from '../../src/cloud/interfaces/interface-life.js';
import { deleteSubnet, deleteVpc } from '../../src/cloud/network/delete-network.js';
import { changeRoutes } from '../../src/cloud/network/routes.js';
import { associateSubnetCidrBlock, createSubnet, disassociateSubnetCidrBlock } from '../../src/cloud/network/subnet.js';
import { createVpc } from '../../src/cloud/network/vpc.js';
import { associateVpcCidrBlock, disassociateVpcCidrBlock } from '../../src/cloud/network/vpc-cidr.js';
import { resolveInterface } from '../../src/cloud/text/endpoint.js';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { resolveGroup, resolvePrefixList, resolveRouteTable, resolveSubnet } from '../../src/cloud/text/resolve.js';
import type { Cloud } from '../../src/cloud/types.js';
import { netnsInode } from '../../src/kernel/netns.js';
import { LabTraffic } from '../../src/lab/lab-traffic.js';
import { execIn, startIn } from '../../src/lab/programs.js';
import { launched, OwnLab } from './support/own-lab.js';

const WEB = [{ protocol: 'tcp', port: 80 }] as const;
const ROUNDS = 50;

let lab: OwnLab;
beforeEach(async () => {
  lab = await OwnLab.up();
});
afterEach(() => lab?.down());

const vpcId = (cloud: Cloud, name = 'v') => Object.values(cloud.vpcs).find((vpc) => vpc.name === name)?.id ?? '';

/** A VPC with a public subnet, an office, and a rule that lets tcp/80 in. */
async function grow(): Promise<void> {
  await lab.change((cloud) => createVpc(cloud, { name: 'v', cidrs: ['10.0.0.0/16'] }).cloud);
  await lab.change((before) => {
    const { cloud, gateway } = createInternetGateway(before);
    return attachInternetGateway(cloud, gateway.id, vpcId(cloud));
  });
  await lab.change((cloud) => {
    const input = { vpcId: vpcId(cloud), name: 's', cidr: '10.0.1.0/24', public: true };
    return createExternalHost(createSubnet(cloud, input).cloud, { name: 'office', addresses: ['198.51.100.10'] }).cloud;
  });
  await lab.authorize('default', 'tcp/80 from 0.0.0.0/0');
}

it('an empty lab grows to a VPC with instances, and shrinks to nothing', async () => {
  expect(lab.namespaces()).toEqual([]);
  await grow();
  await lab.launch('a', { subnet: 's', listen: WEB, publicIp: true });
  await lab.launch('b', { subnet: 's', listen: WEB });
  expect(await lab.probe('office -> a tcp/80')).toBe('connected');
  expect(await lab.probe('office -> a tcp/81')).toBe('timed-out sg-ingress');
  expect(await lab.probe('a -> b tcp/80')).toBe('connected');
  expect(await lab.probe('b -> a tcp/81')).toBe('refused listener');
  expect(await lab.probe('b -> office tcp/80')).toBe('timed-out route');

  await lab.change((cloud) => terminateInstance(cloud, lab.idOf('b')));
  expect(await lab.probe('office -> a tcp/80')).toBe('connected');
  await lab.change((cloud) => {
    const gatewayId = Object.values(cloud.vpcs)[0]?.internetGatewayId ?? '';
    const bare = detachInternetGateway(terminateInstance(cloud, lab.idOf('a')), gatewayId, vpcId(cloud));
    const { id, routeTableId } = resolveSubnet(bare, 's');
    const { [routeTableId ?? '']: _, ...routeTables } = bare.routeTables;
    return deleteVpc({ ...deleteSubnet(bare, id), routeTables }, vpcId(bare));
  });
  expect(lab.namespaces()).toEqual(['office', 'the.internet']);
});

it('addresses and interfaces come, move and go', async () => {
  await grow();
  await lab.launch('a', { subnet: 's', listen: [...WEB, { protocol: 'udp', port: 53 }] });
  await lab.launch('b', { subnet: 's', listen: WEB });
  const before = await lab.state();
  const eniOf = (word: string) => resolveInterface(lab.cloud, word).id;

  await lab.change((cloud) => assignAddresses(cloud, eniOf('a'), 'ipv4', ['10.0.1.50']));
  expect(await lab.probe('b -> 10.0.1.50 tcp/80')).toBe('connected');
  expect(await lab.probe('b -> 10.0.1.50 udp/53')).toBe('connected');
  await lab.change((cloud) => {
    const free = unassignAddresses(cloud, eniOf('a'), 'ipv4', ['10.0.1.50']);
    return assignAddresses(free, eniOf('b'), 'ipv4', ['10.0.1.50']);
  });
  expect(await lab.probe('a -> 10.0.1.50 tcp/80')).toBe('connected');
  expect(await lab.ip('b', 'address')).toContain('10.0.1.50');
  expect(await lab.ip('a', 'address')).not.toContain('10.0.1.50');
  await lab.change((cloud) => unassignAddresses(cloud, eniOf('b'), 'ipv4', ['10.0.1.50']));

  const { cloud: made, elasticIp } = allocateAddress(lab.cloud);
  await lab.change(() => made);
  for (const name of ['a', 'b']) {
    await lab.change((cloud) => associateAddress(cloud, elasticIp.id, { interfaceId: eniOf(name) }).cloud);
    expect(await lab.probe(`office -> ${name}.public tcp/80`)).toBe('connected');
  }
  await lab.change((cloud) => disassociateAddress(cloud, elasticIp.id));

  const { cloud: extra, networkInterface } = createNetworkInterface(lab.cloud, {
    subnetId: resolveSubnet(lab.cloud, 's').id,
  });
  await lab.change(() => extra);
  const [address] = networkInterface.privateIpAddresses;
  for (const name of ['a', 'b']) {
    const instanceId = lab.idOf(name);
    await lab.change((cloud) => attachNetworkInterface(cloud, networkInterface.id, { instanceId, deviceIndex: 1 }));
    const client = name === 'a' ? 'b' : 'a';
    expect(await lab.probe(`${client} -> ${address} tcp/80`)).toBe('connected');
    expect(await lab.probe(`${name}.eth1 -> ${client} tcp/80`)).toBe('connected');
    await lab.change((cloud) => detachNetworkInterface(cloud, networkInterface.id));
    expect(await lab.probe(`${client} -> ${name} tcp/80`)).toBe('connected');
  }
  await lab.change((cloud) => ({ ...cloud, idleInterfaces: {}, elasticIps: {} }));
  const { journal: _, ...after } = await lab.state();
  expect({ journal: before.journal, ...after }).toEqual(before);
});

it('a stopped instance does not answer and starts again with its addresses', async () => {
  await grow();
  await lab.launch('a', { subnet: 's', listen: WEB, publicIp: true });
  await lab.launch('b', { subnet: 's', listen: WEB });
  const id = lab.idOf('b');
  const address = resolveInterface(lab.cloud, 'b').privateIpAddresses[0];
  await lab.change((cloud) => stopInstance(cloud, id));
  expect(lab.namespaces()).not.toContain('b');
  await expect(lab.probe('a -> b tcp/80')).rejects.toMatchObject({ code: 'IncorrectInstanceState' });
  await lab.change((cloud) => startInstance(cloud, id));
  expect(resolveInterface(lab.cloud, 'b').privateIpAddresses[0]).toBe(address);
  expect(await lab.probe('a -> b tcp/80')).toBe('connected');
});

it('gateways, peerings and endpoints come and go', async () => {
  await grow();
  await lab.change((cloud) => {
    const other = createVpc(cloud, { name: 'w', cidrs: ['10.1.0.0/16'] });
    const inW = createSubnet(other.cloud, { vpcId: other.vpc.id, name: 't', cidr: '10.1.1.0/24' }).cloud;
    return createSubnet(inW, { vpcId: vpcId(cloud), name: 'p', cidr: '10.0.2.0/24' }).cloud;
  });
  await lab.launch('a', { subnet: 'p', listen: WEB });
  const groupId = resolveGroup(lab.cloud, 'default', vpcId(lab.cloud, 'w')).id;
  await lab.authorize(groupId, 'tcp/80 from 10.0.0.0/16');
  await lab.launch('c', { subnet: 't', listen: WEB });
  await lab.live.mutate({ type: 'listen', on: 'office', listeners: WEB });
  const before = await lab.state();
  const tableOf = (cloud: Cloud, vpc: string) => resolveRouteTable(cloud, 'main', vpcId(cloud, vpc)).id;

  await lab.change((cloud) => {
    const ends = { requesterVpcId: vpcId(cloud, 'v'), accepterVpcId: vpcId(cloud, 'w') };
    const { cloud: made, peering } = createPeering(cloud, { name: 'pcx', ...ends, status: 'active' });
    const target = { type: 'peering', peeringId: peering.id } as const;
    const there = changeRoutes(made, tableOf(made, 'v'), { add: [{ destination: '10.1.0.0/16', target }] });
    return changeRoutes(there, tableOf(made, 'w'), { add: [{ destination: '10.0.0.0/16', target }] });
  });
  expect(await lab.probe('a -> c tcp/80')).toBe('connected');

  await lab.launch('nat', { subnet: 's', kind: 'nat-gateway', groupIds: [], sourceDestCheck: false, publicIp: true });
  await lab.change((cloud) => {
    const target = { type: 'interface', interfaceId: resolveInterface(cloud, 'nat').id } as const;
    return changeRoutes(cloud, tableOf(cloud, 'v'), { add: [{ destination: '0.0.0.0/0', target }] });
  });
  expect(await lab.probe('a -> office tcp/80')).toBe('connected');
  await lab.change((cloud) => terminateInstance(cloud, lab.idOf('nat')));
  expect(await lab.probe('a -> office tcp/80')).toBe('timed-out route');

  await lab.change((cloud) => {
    const prefixListId = resolvePrefixList(cloud, 's3').id;
    const input = { name: 's3', vpcId: vpcId(cloud), prefixListId, routeTableIds: [tableOf(cloud, 'v')] };
    return createGatewayEndpoint(cloud, input).cloud;
  });
  expect(lab.namespaces()).toContain('s3.vpce');
  await lab.change((cloud) => deleteGatewayEndpoint(cloud, Object.keys(cloud.gatewayEndpoints)[0] ?? ''));

  await lab.change((cloud) => {
    const routeTables = { ...cloud.routeTables };
    for (const vpc of ['v', 'w']) {
      const table = resolveRouteTable(cloud, 'main', vpcId(cloud, vpc));
      routeTables[table.id] = { ...table, routes: table.routes.filter(({ target }) => target.type === 'local') };
    }
    return { ...cloud, peerings: {}, routeTables };
  });
  const { journal: _, ...after } = await lab.state();
  expect({ journal: before.journal, ...after }).toEqual(before);
});

it('a VPC that comes has services and names, and what runs in an instance ends with it', async () => {
  await grow();
  await lab.launch('a', { subnet: 's' });
  await lab.launch('b', { subnet: 's' });
  const exec = async (...argv: string[]) =>
    (await execIn(lab.cloud, lab.live.traffic.machine('a'), argv, 10_000)).stdout.trim();
  const ttl = 'X-aws-ec2-metadata-token-ttl-seconds: 60';
  expect(await exec('curl', '-s', '-X', 'PUT', '-H', ttl, 'http://169.254.169.254/latest/api/token')).toMatch(/==$/);
  expect(await exec('getent', 'hosts', 'b')).toContain(resolveInterface(lab.cloud, 'b').privateIpAddresses[0]);

  await startIn(lab.cloud, lab.live.traffic.machine('b'), { argv: ['sleep', '1000'], ready: null, withinMs: 1000 });
  const inode = netnsInode(lab.namespace('b'));
  expect(processesIn(inode)).not.toEqual([]); // what starts it may still be there, too
  await lab.change((cloud) => terminateInstance(cloud, lab.idOf('b')));
  expect(processesIn(inode)).toEqual([]);
  expect(await exec('sh', '-c', 'getent hosts b || echo nobody')).toBe('nobody');
});

it('a VPC with IPv6 and a middlebox follows, too', async () => {
  await grow();
  await lab.change((cloud) => {
    const vpc = createVpc(cloud, { name: 'six', cidrs: ['10.6.0.0/16'], ipv6Cidr: '2001:db8:6::/56' });
    const input = { vpcId: vpc.vpc.id, name: 'sixth', cidr: '10.6.1.0/24', ipv6Cidr: '2001:db8:6:1::/64' };
    return createSubnet(vpc.cloud, input).cloud;
  });
  await lab.launch('fw', { subnet: 'sixth', sourceDestCheck: false, ipv6Addresses: [] });
  await lab.launch('a', { subnet: 'sixth', listen: WEB });
  await lab.launch('b', { subnet: 'sixth', listen: WEB, ipv6Addresses: [] });
  await lab.live.mutate({ type: 'source-dest-check', instance: 'b', enabled: false });
  await lab.launch('c', { subnet: 'sixth', listen: WEB });
  expect(await lab.probe('a -> b tcp/80')).toBe('connected');
  const address = resolveInterface(lab.cloud, 'c').ipv6Addresses[0];
  expect(await lab.probe(`a -> ${address} tcp/80`)).toBe('connected');
  await lab.change((cloud) => terminateInstance(terminateInstance(cloud, lab.idOf('c')), lab.idOf('fw')));
  await lab.change((cloud) => assignAddresses(cloud, resolveInterface(cloud, 'b').id, 'ipv6', 1));
  expect(await lab.probe(`a -> ${resolveInterface(lab.cloud, 'b').ipv6Addresses[0]} tcp/80`)).toBe('connected');
});

it('a VPC loses its IPv6 block, and has another', async () => {
  await lab.change(
    (cloud) => createVpc(cloud, { name: 'v', cidrs: ['10.0.0.0/16'], ipv6Cidr: '2001:db8:6::/56' }).cloud,
  );
  await lab.change(
    (cloud) =>
      createSubnet(cloud, { vpcId: vpcId(cloud), name: 's', cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:6:1::/64' }).cloud,
  );
  for (const name of ['a', 'b']) await lab.launch(name, { subnet: 's', listen: WEB });
  await lab.authorize('default', 'tcp/80 from 0.0.0.0/0');
  const addressOf = (name: string) => resolveInterface(lab.cloud, name).ipv6Addresses;
  for (const name of ['a', 'b']) {
    await lab.change((cloud) => unassignAddresses(cloud, resolveInterface(cloud, name).id, 'ipv6', addressOf(name)));
  }
  const subnetId = (cloud: Cloud) => resolveSubnet(cloud, 's').id;
  await lab.change((cloud) => disassociateSubnetCidrBlock(cloud, subnetId(cloud)).cloud);
  await lab.change((cloud) => disassociateVpcCidrBlock(cloud, vpcId(cloud), '2001:db8:6::/56'));
  expect(await lab.probe('a -> b tcp/80')).toBe('connected');
  await lab.change((cloud) => {
    const { cloud: wider } = associateVpcCidrBlock(cloud, vpcId(cloud), { family: 'ipv6', cidr: '2001:db8:7::/56' });
    return associateSubnetCidrBlock(wider, subnetId(wider), '2001:db8:7:1::/64').cloud;
  });
  for (const name of ['a', 'b']) {
    await lab.change((cloud) => assignAddresses(cloud, resolveInterface(cloud, name).id, 'ipv6', 1));
  }
  await lab.authorize('default', 'tcp/80 from ::/0');
  expect(await lab.probe(`a -> ${addressOf('b')[0]} tcp/80`)).toBe('connected');
});

it('a flow of others goes on, in the namespaces that there were', async () => {
  await grow();
  await lab.launch('a', { subnet: 's', listen: WEB, publicIp: true });
  await lab.launch('b', { subnet: 's', listen: WEB });
  const inodes = () => ['a', 'a.eth0', 'b', 'v.vpc', 'v.igw'].map((name) => netnsInode(lab.namespace(name)));
  const before = inodes();
  await lab.live.traffic.openFlow('f', parseProbe('b -> a tcp/80'), 'both');
  await lab.live.traffic.openFlow('g', parseProbe('office -> a.public tcp/80'), 'both');
  for (let round = 0; round < 3; round++) {
    await lab.launch('x', { subnet: 's', listen: WEB, publicIp: true });
    expect(await lab.live.traffic.flows.exchange('f', 'both')).toMatchObject({ outcome: 'goes-on' });
    await lab.change((cloud) => terminateInstance(cloud, lab.idOf('x')));
    expect(await lab.live.traffic.flows.exchange('g', 'both')).toMatchObject({ outcome: 'goes-on' });
  }
  expect(inodes()).toEqual(before);
});

it('what fails halfway is as it was: state, files and kernel', async () => {
  await grow();
  await lab.launch('a', { subnet: 's', listen: [{ protocol: 'udp', port: 53 }], publicIp: true });
  const terminate = (cloud: Cloud) => terminateInstance(cloud, lab.idOf('a'));
  const run = (cloud: Cloud) => launched(cloud, 'b', { subnet: 's', listen: WEB, publicIp: true });

  const before = await lab.state();
  await lab.ip('v.vpc', 'link', 'add', 'b.0', 'type', 'bridge'); // the name of b's link
  await expect(lab.change((cloud) => terminate(run(cloud)))).rejects.toMatchObject({ code: 'KernelError' });
  expect(await lab.state()).toEqual(before);

  const assign = (cloud: Cloud) => assignAddresses(cloud, resolveInterface(cloud, 'a').id, 'ipv4', ['10.0.1.60']);
  const late = {
    grow: () => Promise.reject(new Error('what lives above cannot follow')),
    commit: () => {},
    undo: () => {},
  };
  vi.spyOn(LabTraffic.prototype, 'stage').mockReturnValueOnce(late);
  await expect(lab.change((cloud) => assign(run(cloud)))).rejects.toThrow('cannot follow');
  expect(await lab.state()).toEqual(before);

  await lab.change((cloud) => assign(run(cloud)));
  expect(await lab.probe('office -> b.public tcp/80')).toBe('connected');
});

it(`an instance that comes and goes ${ROUNDS} times leaves nothing`, async () => {
  await grow();
  await lab.launch('a', { subnet: 's', listen: WEB });
  const round = async (): Promise<void> => {
    await lab.launch('x', { subnet: 's', listen: WEB, publicIp: true });
    await lab.change((cloud) => terminateInstance(cloud, lab.idOf('x')));
  };
  await round();
  // What the first probe opens is there for the next ones.
  expect(await lab.probe('a -> office tcp/80')).toBe('timed-out route');
  const files = () => fs.readdirSync('/proc/self/fd').length;
  const before = { files: files(), state: Object.keys(await lab.state()), run: listFiles(lab.directory) };
  for (let at = 0; at < ROUNDS; at++) await round();
  expect(await lab.probe('a -> office tcp/80')).toBe('timed-out route');
  expect({ files: files(), state: Object.keys(await lab.state()), run: listFiles(lab.directory) }).toEqual(before);
});

function processesIn(inode: number | null): string[] {
  return fs.readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.statSync(`/proc/${pid}/ns/net`).ino === inode;
    } catch {
      return false; // it ended meanwhile
    }
  });
}

function listFiles(directory: string): string[] {
  return fs.readdirSync(directory, { recursive: true }).map(String).sort();
}
