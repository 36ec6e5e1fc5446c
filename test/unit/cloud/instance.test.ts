import { describe, expect, it } from 'vitest';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { makeId, nextSerial } from '../../../src/cloud/ids.js';
import { runInstance } from '../../../src/cloud/instances/instance.js';
import { attachGroup, detachGroup, setInterfaceGroups } from '../../../src/cloud/interfaces/interface-attributes.js';
import type { InterfaceInput } from '../../../src/cloud/interfaces/new-interface.js';
import { byId } from '../../../src/cloud/lookup.js';
import { createSubnet } from '../../../src/cloud/network/subnet.js';
import { enisOf, errorOf, launch, makeShop } from './shop.js';

describe('addresses', () => {
  it('are the first free ones after those that AWS keeps', () => {
    const { cloud, publicSubnetId } = makeShop();
    const first = launch(cloud, 'web-1', { subnetId: publicSubnetId, publicIp: true });
    const second = launch(first.cloud, 'web-2', { subnetId: publicSubnetId, publicIp: true });
    expect(enisOf(second.cloud, first.instance)).toMatchObject([
      { privateIpAddresses: ['10.0.1.4'], ipv6Addresses: ['2001:db8:1::4'], publicIp: '198.18.0.1' },
    ]);
    expect(enisOf(second.cloud, second.instance)).toMatchObject([
      { privateIpAddresses: ['10.0.1.5'], ipv6Addresses: ['2001:db8:1::5'], publicIp: '198.18.0.2' },
    ]);
  });

  it('asked for by name go to who asks, also when an automatic one comes first', () => {
    const { cloud, privateSubnetId: subnetId } = makeShop();
    const avoidAddresses = new Set(['10.0.2.4', '10.0.2.6']);
    const first = runInstance(cloud, { name: 'a', interfaces: [{ subnetId }], avoidAddresses });
    const second = runInstance(first.cloud, {
      name: 'b',
      interfaces: [{ subnetId, privateIp: '10.0.2.4', secondaryIps: ['10.0.2.6'] }],
      avoidAddresses,
    });
    const third = runInstance(second.cloud, { name: 'c', interfaces: [{ subnetId, secondaryIps: ['10.0.2.7'] }] });
    const addresses = [first, second, third].map(
      ({ instance }) => enisOf(third.cloud, instance)[0]?.privateIpAddresses,
    );
    expect(addresses).toEqual([['10.0.2.5'], ['10.0.2.4', '10.0.2.6'], ['10.0.2.8', '10.0.2.7']]);
  });

  it('run out: a /28 has 11', () => {
    const shop = makeShop();
    const small = createSubnet(shop.cloud, { vpcId: shop.vpcId, name: 'small', cidr: '10.0.9.0/28' });
    let cloud = small.cloud;
    const add = (i: number) => {
      cloud = launch(cloud, `x-${i}`, { subnetId: small.subnet.id }).cloud;
    };
    for (let i = 1; i <= 11; i++) add(i);
    expect(errorOf(() => add(12))).toBe(
      'InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.',
    );
  });

  it.each<[Partial<InterfaceInput>, string]>([
    [
      { privateIp: '10.0.2.9' },
      "InvalidParameterValue: Address 10.0.2.9 does not fall within the subnet's address range",
    ],
    ...['10.0.1.0', '10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.255'].map(
      (privateIp): [Partial<InterfaceInput>, string] => [
        { privateIp },
        `InvalidParameterValue: Address ${privateIp} is in subnet's reserved address range`,
      ],
    ),
    [{ privateIp: '10.0.1.4' }, 'InvalidIPAddress.InUse: Address 10.0.1.4 is in use.'],
    [{ secondaryIps: ['10.0.1.9', '10.0.1.9'] }, 'InvalidIPAddress.InUse: Address 10.0.1.9 is in use.'],
    [{ privateIp: '10.0.1.9/32' }, 'InvalidParameterValue: Invalid IP address: 10.0.1.9/32'],
    [
      { ipv6Addresses: ['2001:db8:1::1'] },
      "InvalidParameterValue: Address 2001:db8:1::1 is in subnet's reserved address range",
    ],
    [{ ipv6Addresses: ['2001:DB8:1:0::4'] }, 'InvalidIPAddress.InUse: Address 2001:db8:1::4 is in use.'],
    [{ publicIp: '198.51.100.10' }, 'InvalidIPAddress.InUse: Address 198.51.100.10 is in use by office.'],
    [{ publicIp: '10.5.1.9' }, 'InvalidParameterValue: 10.5.1.9 is inside VPC pay (10.5.0.0/16)'],
    [{ publicIp: 'yes' }, 'InvalidParameterValue: Invalid IP address: yes'],
    [{ subnetId: 'subnet-0' }, "InvalidSubnetID.NotFound: The subnet ID 'subnet-0' does not exist"],
    [{ privateIp: '10.0.1.9' }, 'no error'],
  ])('%j: %s', (input, error) => {
    const { cloud, publicSubnetId } = makeShop();
    const running = launch(cloud, 'web-1', { subnetId: publicSubnetId, publicIp: true }).cloud;
    expect(errorOf(() => launch(running, 'web-2', { subnetId: publicSubnetId, ...input }))).toBe(error);
  });

  it('a public one needs an internet gateway, an IPv6 one a subnet with IPv6', () => {
    const { cloud, paySubnetId } = makeShop();
    expect(errorOf(() => launch(cloud, 'x', { subnetId: paySubnetId, publicIp: true }))).toMatch(
      /^Gateway.NotAttached/,
    );
    expect(errorOf(() => launch(cloud, 'x', { subnetId: paySubnetId, ipv6Addresses: ['2001:db8::4'] }))).toMatch(
      /\(pay-a\) has no IPv6 block$/,
    );
  });
});

describe('an instance', () => {
  it('gets its VPC’s default group, and a MAC that is local and unicast', () => {
    const { cloud, payVpcId, paySubnetId } = makeShop();
    const made = launch(cloud, 'x', { subnetId: paySubnetId });
    const [eni] = enisOf(made.cloud, made.instance);
    expect(eni).toMatchObject({ groupIds: [byId(cloud.vpcs, payVpcId).defaultGroupId], sourceDestCheck: true });
    expect(eni?.macAddress).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  });

  it('can have several interfaces in one VPC', () => {
    const { cloud, publicSubnetId, privateSubnetId, paySubnetId } = makeShop();
    const made = launch(
      cloud,
      'x',
      { subnetId: publicSubnetId },
      { subnetId: privateSubnetId, sourceDestCheck: false },
    );
    expect(enisOf(made.cloud, made.instance)).toMatchObject([
      { deviceIndex: 0, privateIpAddresses: ['10.0.1.4'], sourceDestCheck: true },
      { deviceIndex: 1, privateIpAddresses: ['10.0.2.4'], sourceDestCheck: false },
    ]);
    expect(errorOf(() => launch(cloud, 'x', { subnetId: publicSubnetId }, { subnetId: paySubnetId }))).toMatch(
      /^InvalidParameterCombination/,
    );
  });

  it('cannot have a group of another VPC, at the start or later', () => {
    const { cloud, publicSubnetId, payApi, web } = makeShop();
    expect(errorOf(() => launch(cloud, 'x', { subnetId: publicSubnetId, groupIds: [payApi] }))).toBe(
      `InvalidParameter: Security group ${payApi} and subnet ${publicSubnetId} belong to different networks.`,
    );
    const made = launch(cloud, 'x', { subnetId: publicSubnetId, groupIds: [web] });
    const id = enisOf(made.cloud, made.instance)[0]?.id ?? '';
    expect(errorOf(() => attachGroup(made.cloud, id, payApi))).toBe(
      'InvalidGroup.NotFound: You have specified two resources that belong to different networks.',
    );
  });

  it('keeps at least one group; attaching twice or detaching what it has not is an error', () => {
    const { cloud, publicSubnetId, web, db } = makeShop();
    const made = launch(cloud, 'x', { subnetId: publicSubnetId, groupIds: [web] });
    const id = enisOf(made.cloud, made.instance)[0]?.id ?? '';
    expect(errorOf(() => detachGroup(made.cloud, id, web))).toMatch(/left without a security group/);
    expect(errorOf(() => attachGroup(made.cloud, id, web))).toMatch(/x.eth0 has the group web already/);
    expect(errorOf(() => detachGroup(made.cloud, id, db))).toMatch(/x.eth0 does not have the group db/);
    const both = attachGroup(made.cloud, id, db);
    expect(byId(both.networkInterfaces, id).groupIds).toEqual([web, db]);
    expect(byId(detachGroup(both, id, web).networkInterfaces, id).groupIds).toEqual([db]);
    expect(byId(setInterfaceGroups(both, id, [db, db]).networkInterfaces, id).groupIds).toEqual([db]);
  });

  it.each([
    'x'.repeat(41),
    'x'.repeat(300),
    'Web',
    '-x',
    'x-',
    'web_1',
    'a b',
    'a\u0000',
    '\u001b[31m',
    '',
    '__proto__',
    'office',
    'internet',
  ])('cannot be called %j', (name) => {
    const { cloud, publicSubnetId } = makeShop();
    const error = errorOf(() => launch(cloud, name, { subnetId: publicSubnetId }));
    expect(error).toMatch(/^InvalidParameterValue/);
    expect(error).not.toMatch(/\p{Cc}/u);
    expect(error.length).toBeLessThan(150);
  });
});

it('the same history gives the same ids, another lab others', () => {
  expect(makeShop()).toEqual(makeShop());
  expect(makeShop().web).toMatch(/^sg-[0-9a-f]{17}$/);
  const first = (name: string) => nextSerial(createCloud({ name }));
  expect(makeId(first('a'), 'sg')).not.toBe(makeId(first('b'), 'sg'));
  expect(makeId(first('a'), 'sg').slice(3)).not.toBe(makeId(first('a'), 'vpc').slice(4));
});

it('a cloud survives JSON', () => {
  const { cloud } = makeShop();
  expect(JSON.parse(JSON.stringify(cloud))).toEqual(cloud);
});
