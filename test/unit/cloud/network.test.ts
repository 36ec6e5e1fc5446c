import { describe, expect, it } from 'vitest';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { createExternalHost } from '../../../src/cloud/instances/external-host.js';
import { createSubnet, type SubnetInput } from '../../../src/cloud/network/subnet.js';
import { createVpc, type VpcInput } from '../../../src/cloud/network/vpc.js';
import { errorOf, launch, makeShop } from './shop.js';

describe('createVpc', () => {
  it('canonicalises its blocks; IPv4 blocks of two VPCs may overlap', () => {
    const { cloud } = makeShop();
    const { vpc } = createVpc(cloud, {
      name: 'twin',
      cidrs: ['10.0.3.4/16', '10.9.0.0/28'],
      ipv6Cidr: '2001:DB8:9::/48',
    });
    expect(vpc).toMatchObject({ cidrs: ['10.0.0.0/16', '10.9.0.0/28'], ipv6Cidr: '2001:db8:9::/48' });
  });

  it.each<[Partial<VpcInput>, string]>([
    [{ cidrs: ['10.0.0.0/15'] }, "InvalidVpc.Range: The CIDR '10.0.0.0/15' is invalid."],
    [{ cidrs: ['10.0.0.0/29'] }, "InvalidVpc.Range: The CIDR '10.0.0.0/29' is invalid."],
    [{ cidrs: ['127.0.0.0/16'] }, 'InvalidParameterValue: 127.0.0.0/16 reaches into 127.0.0.0/8 (loopback)'],
    [{ cidrs: ['198.51.0.0/16'] }, "InvalidVpc.Range: The CIDR '198.51.0.0/16' is invalid."],
    [{ cidrs: ['10.8.0.0/16', '10.8.1.0/24'] }, "InvalidVpc.Range: The CIDR '10.8.1.0/24' is invalid."],
    [{ ipv6Cidr: '2001:db8:1:2::/60' }, "InvalidVpc.Range: The CIDR '2001:db8:1::/60' is invalid."],
    [{ ipv6Cidr: '2001:db8:9::/64' }, "InvalidVpc.Range: The CIDR '2001:db8:9::/64' is invalid."],
    [
      { ipv6Cidr: '10.0.0.0/16' },
      'InvalidParameterValue: Value (10.0.0.0/16) for parameter ipv6CidrBlock is invalid. This is not a valid CIDR block.',
    ],
    [{ name: '../x' }, 'InvalidParameterValue: "../x" cannot be the name of a VPC'],
  ])('%j: %s', (input, error) => {
    const { cloud } = makeShop();
    expect(errorOf(() => createVpc(cloud, { name: 'new', cidrs: ['10.8.0.0/16'], ...input }))).toBe(error);
  });
});

describe('createSubnet', () => {
  it.each<[Partial<SubnetInput>, string]>([
    [{ cidr: '10.1.0.0/24' }, "InvalidSubnet.Range: The CIDR '10.1.0.0/24' is invalid."],
    [{ cidr: '10.0.0.0/29' }, "InvalidSubnet.Range: The CIDR '10.0.0.0/29' is invalid."],
    [{ cidr: '10.0.1.128/25' }, "InvalidSubnet.Conflict: The CIDR '10.0.1.128/25' conflicts with another subnet"],
    [
      { ipv6Cidr: '2001:db8:1::/64' },
      "InvalidSubnet.Conflict: The CIDR '2001:db8:1::/64' conflicts with another subnet",
    ],
    [{ ipv6Cidr: '2001:db8:1::/65' }, "InvalidSubnet.Range: The CIDR '2001:db8:1::/65' is invalid."],
    [{ ipv6Cidr: '2001:db8:2::/64' }, "InvalidSubnet.Range: The CIDR '2001:db8:2::/64' is invalid."],
    [{ vpcId: 'vpc-0' }, "InvalidVpcID.NotFound: The vpc ID 'vpc-0' does not exist"],
    [{ name: 'a;reboot' }, 'InvalidParameterValue: "a;reboot" cannot be the name of a subnet'],
    [{}, 'no error'],
  ])('%j: %s', (input, error) => {
    const { cloud, vpcId } = makeShop();
    expect(errorOf(() => createSubnet(cloud, { vpcId, name: 'new', cidr: '10.0.9.0/24', ...input }))).toBe(error);
  });

  it('is public only with an internet gateway', () => {
    const { cloud, payVpcId } = makeShop();
    expect(
      errorOf(() => createSubnet(cloud, { vpcId: payVpcId, name: 'new', cidr: '10.5.9.0/24', public: true })),
    ).toMatch(/^Gateway.NotAttached: subnet new is public, but network vpc-/);
  });
});

describe('createExternalHost', () => {
  it.each([
    ['a', ['198.51.100.11'], 'no error'],
    ['a', ['10.0.7.7'], 'InvalidParameterValue: 10.0.7.7 is inside VPC shop (10.0.0.0/16, 2001:db8:1::/56)'],
    [
      'a',
      ['2001:db8:1:9::1'],
      'InvalidParameterValue: 2001:db8:1:9::1 is inside VPC shop (10.0.0.0/16, 2001:db8:1::/56)',
    ],
    ['a', ['198.51.100.10'], 'InvalidIPAddress.InUse: Address 198.51.100.10 is in use by office.'],
    ['a', ['2001:DB8:ffff:0::10'], 'InvalidIPAddress.InUse: Address 2001:db8:ffff::10 is in use by office.'],
    ['a', ['198.18.0.1'], 'InvalidIPAddress.InUse: Address 198.18.0.1 is in use by web-1.'],
    ['a', ['224.0.0.1'], 'InvalidParameterValue: 224.0.0.1/32 reaches into 224.0.0.0/4 (multicast)'],
    ['a', ['fe80::1'], 'InvalidParameterValue: fe80::1/128 reaches into fe80::/10 (link-local)'],
    ['a', ['198.51.100.11/32'], 'InvalidParameterValue: Invalid IP address: 198.51.100.11/32'],
    [
      'a',
      ['198.51.100.11', '198.51.100.12'],
      'InvalidParameterValue: an external host has one address per family, not 2',
    ],
    ['a', [], 'InvalidParameterValue: an external host has one address per family, not 0'],
    ['web-1', ['198.51.100.11'], 'InvalidParameterValue: the name web-1 is taken'],
    ['internet', ['198.51.100.11'], 'InvalidParameterValue: "internet" is a reserved word'],
  ])('%s at %j: %s', (name, addresses, error) => {
    const { cloud, publicSubnetId } = makeShop();
    const running = launch(cloud, 'web-1', { subnetId: publicSubnetId, publicIp: true }).cloud;
    expect(errorOf(() => createExternalHost(running, { name, addresses }))).toBe(error);
  });

  it('a host may be called like something that every object has', () => {
    const { cloud } = createExternalHost(createCloud({ name: 'x' }), {
      name: 'constructor',
      addresses: ['198.51.100.1'],
    });
    expect(Object.keys(cloud.externalHosts)).toEqual(['constructor']);
  });
});
