/** A group in two VPCs: interfaces of both have it, and its members are those that packets of the VPC can come from. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { associateGroup, disassociateGroup } from '../../src/cloud/groups/members.js';
import { authorize } from '../../src/cloud/groups/rules.js';
import { createSecurityGroup } from '../../src/cloud/groups/security-group.js';
import { createSubnet } from '../../src/cloud/network/subnet.js';
import { createVpc } from '../../src/cloud/network/vpc.js';
import { resolveGroup } from '../../src/cloud/text/resolve.js';
import type { Cloud } from '../../src/cloud/types.js';
import { launched, OwnLab } from './support/own-lab.js';

let lab: OwnLab;

/** Two VPCs that have the same addresses; `home` has the group `shared`, which lets its own members in. */
function twins(cloud: Cloud): Cloud {
  const home = createVpc(cloud, { name: 'home', cidrs: ['10.0.0.0/16'] });
  const away = createVpc(home.cloud, { name: 'away', cidrs: ['10.0.0.0/16'] });
  const inHome = createSubnet(away.cloud, { vpcId: home.vpc.id, name: 'in-home', cidr: '10.0.1.0/24' });
  const inAway = createSubnet(inHome.cloud, { vpcId: away.vpc.id, name: 'in-away', cidr: '10.0.1.0/24' });
  const shared = createSecurityGroup(inAway.cloud, { vpcId: home.vpc.id, name: 'shared', description: 'd' });
  const own = createSecurityGroup(shared.cloud, { vpcId: away.vpc.id, name: 'own', description: 'd' });
  const fromItself = {
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    peer: { type: 'group', groupId: shared.group.id },
  } as const;
  const allowed = authorize(own.cloud, shared.group.id, [fromItself]).cloud;
  const associated = associateGroup(allowed, shared.group.id, away.vpc.id);
  const referred = authorize(associated, own.group.id, [fromItself]).cloud;
  const machines = [
    ['server', 'in-away', 'shared', '10.0.1.10'],
    ['member', 'in-away', 'shared', '10.0.1.11'],
    ['stranger', 'in-away', 'own', '10.0.1.12'],
    ['namesake', 'in-home', 'shared', '10.0.1.12'],
    ['at-home', 'in-home', 'shared', '10.0.1.13'],
  ] as const;
  return machines.reduce((before, [name, subnet, group, privateIp]) => {
    return launched(before, name, { subnet, privateIp, groupIds: [resolveGroup(before, group).id] });
  }, referred);
}

beforeAll(async () => {
  lab = await OwnLab.up();
  await lab.change(twins);
});
afterAll(() => lab?.down());

it('lets members in, in either VPC', async () => {
  expect(await lab.probe('member -> server tcp/22')).toBe('refused listener');
  expect(await lab.probe('at-home -> namesake tcp/22')).toBe('refused listener');
});

it('is meant by rules of the other VPC’s groups', async () => {
  expect(await lab.probe('member -> stranger tcp/22')).toBe('refused listener');
});

it('does not mean who has the address of a member of the other VPC', async () => {
  expect(await lab.probe('stranger -> server tcp/22')).toBe('timed-out sg-ingress');
});

it('leaves the VPC with its last interface', async () => {
  const own = resolveGroup(lab.cloud, 'own').id;
  const shared = resolveGroup(lab.cloud, 'shared');
  const away = Object.values(lab.cloud.vpcs).find(({ name }) => name === 'away')?.id ?? '';
  await lab.change((cloud) => {
    const left = Object.values(cloud.networkInterfaces).map((eni) => ({
      ...eni,
      groupIds: cloud.subnets[eni.subnetId]?.vpcId === away ? [own] : eni.groupIds,
    }));
    const networkInterfaces = Object.fromEntries(left.map((eni) => [eni.id, eni]));
    return disassociateGroup({ ...cloud, networkInterfaces }, shared.id, away);
  });
  expect(await lab.probe('member -> stranger tcp/22')).toBe('timed-out sg-ingress');
});
