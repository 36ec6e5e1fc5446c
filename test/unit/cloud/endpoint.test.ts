import { describe, expect, it } from 'vitest';
import { groupMembers, peerCidrs } from '../../../src/cloud/groups/members.js';
import { createSubnet } from '../../../src/cloud/network/subnet.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { endpointName, resolveEndpoint } from '../../../src/cloud/text/endpoint.js';
import { errorOf, group, launch, makeLab } from './shop.js';

describe('members', () => {
  it('are private addresses, secondary ones too, never public ones (S44, S45)', () => {
    const { cloud } = makeLab();
    const { id } = group(cloud, 'web');
    expect(groupMembers(cloud, id, 'ipv4')).toEqual(['10.0.1.4', '10.0.1.77', '10.0.1.5']);
    expect(groupMembers(cloud, id, 'ipv6')).toEqual(['2001:db8:1::4', '2001:db8:1::5']);
    expect(peerCidrs(cloud, { peer: { type: 'group', groupId: id } })).toContain('2001:db8:1::5/128');
    expect(peerCidrs(cloud, { peer: { type: 'cidr', family: 'ipv4', cidr: '0.0.0.0/0' } })).toEqual(['0.0.0.0/0']);
  });
});

describe('resolveEndpoint', () => {
  it.each([
    ['web-1', 'web-1.eth0', undefined],
    ['db-1.eth1', 'db-1.eth1', undefined],
    ['web-1.public', 'web-1.eth0', '198.18.0.1'],
    ['web-1.eth0.public', 'web-1.eth0', '198.18.0.1'],
    ['10.0.1.77', 'web-1.eth0', '10.0.1.77'],
    ['198.18.0.1', 'web-1.eth0', '198.18.0.1'],
    ['2001:DB8:1:0::5', 'db-1.eth1', '2001:db8:1::5'],
    ['office', 'office', undefined],
    ['198.51.100.10', 'office', '198.51.100.10'],
  ])('%s is %s', (word, name, address) => {
    const { cloud } = makeLab();
    const endpoint = resolveEndpoint(cloud, word);
    expect(endpointName(cloud, endpoint)).toBe(name);
    expect(endpoint.address).toBe(address);
  });

  it('takes ids', () => {
    const { cloud } = makeLab();
    for (const eni of Object.values(cloud.networkInterfaces)) {
      expect(resolveEndpoint(cloud, eni.id)).toEqual({ kind: 'interface', interfaceId: eni.id });
    }
    for (const instance of Object.values(cloud.instances)) {
      expect(resolveEndpoint(cloud, instance.id)).toEqual({ kind: 'interface', interfaceId: instance.interfaceIds[0] });
    }
  });

  it.each([
    ['web1', 'did you mean "web-1"?'],
    ['constructor', 'valid: web-1, db-1, office'],
    ['db-1.public', 'Give it `publicIp: true`, or leave `.public` out.'],
    ['db-1.eth2', 'There is: db-1.eth0, db-1.eth1.'],
  ])('%s: %s', (word, hint) => {
    const { cloud } = makeLab();
    expect(() => resolveEndpoint(cloud, word)).toThrow(expect.objectContaining({ hint }));
  });

  it('an address that two VPCs have needs a name', () => {
    const { cloud } = makeLab();
    const vpc = createVpc(cloud, { name: 'twin', cidrs: ['10.0.0.0/16'] });
    const subnet = createSubnet(vpc.cloud, { vpcId: vpc.vpc.id, name: 'a', cidr: '10.0.1.0/24' });
    const twin = launch(subnet.cloud, 'twin-1', { subnetId: subnet.subnet.id }).cloud;
    expect(errorOf(() => resolveEndpoint(twin, '10.0.1.4'))).toBe(
      'InvalidParameterValue: 10.0.1.4 is an address of web-1.eth0 and twin-1.eth0',
    );
    expect(errorOf(() => resolveEndpoint(twin, '10.0.9.9'))).toMatch(/no machine of the lab/);
  });
});
