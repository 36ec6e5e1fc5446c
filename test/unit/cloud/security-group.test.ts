import { describe, expect, it } from 'vitest';
import { authorize } from '../../../src/cloud/groups/rules.js';
import { createSecurityGroup, deleteSecurityGroup } from '../../../src/cloud/groups/security-group.js';
import { byId } from '../../../src/cloud/lookup.js';
import { errorOf, fromGroup, group, launch, makeShop } from './shop.js';

const said = (rules: readonly { direction: string; protocol: string; peer: object }[]) =>
  rules.map(({ direction, protocol, peer }) => ({ direction, protocol, peer }));
const V4_OUT = { direction: 'egress', protocol: '-1', peer: { type: 'cidr', family: 'ipv4', cidr: '0.0.0.0/0' } };
const V6_OUT = { direction: 'egress', protocol: '-1', peer: { type: 'cidr', family: 'ipv6', cidr: '::/0' } };

describe('a new group', () => {
  it('lets everything out and nothing in, over IPv6 only where the VPC has it', () => {
    const { cloud, web, payApi } = makeShop();
    expect(said(byId(cloud.securityGroups, web).rules)).toEqual([V4_OUT, V6_OUT]);
    expect(said(byId(cloud.securityGroups, payApi).rules)).toEqual([V4_OUT]);
  });

  it('the default group admits its own members besides', () => {
    const { cloud, vpcId } = makeShop();
    const { defaultGroupId } = byId(cloud.vpcs, vpcId);
    const { name, description, rules } = byId(cloud.securityGroups, defaultGroupId);
    expect({ name, description }).toEqual({ name: 'default', description: 'default VPC security group' });
    const fromItself = { direction: 'ingress', protocol: '-1', peer: { type: 'group', groupId: defaultGroupId } };
    expect(said(rules)).toEqual([fromItself, V4_OUT, V6_OUT]);
  });

  it('A4: trailing spaces are trimmed', () => {
    const { cloud, vpcId } = makeShop();
    expect(createSecurityGroup(cloud, { vpcId, name: 'x ', description: 'd' }).group.name).toBe('x');
  });

  it('A2: the same name is free in another VPC', () => {
    const { cloud, payVpcId } = makeShop();
    expect(createSecurityGroup(cloud, { vpcId: payVpcId, name: 'web', description: 'd' }).group.vpcId).toBe(payVpcId);
  });

  const CHARACTERS = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';
  it.each([
    ['web', 'd', `InvalidGroup.Duplicate: The security group 'web' already exists for VPC '{vpc}'`],
    ['WEB', 'd', `InvalidGroup.Duplicate: The security group 'WEB' already exists for VPC '{vpc}'`],
    [
      'sg-x',
      'd',
      'InvalidParameterValue: Value (sg-x) for parameter GroupName is invalid. Group names may not be in the format sg-*.',
    ],
    ['default', 'd', 'InvalidGroup.Reserved: Cannot use reserved security group name: default'],
    ['', 'd', 'MissingParameter: The request must contain the parameter GroupName'],
    ['x', '', 'MissingParameter: The request must contain the parameter GroupDescription'],
    [
      'x',
      'a|b',
      `InvalidParameterValue: Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  ${CHARACTERS}`,
    ],
    [
      'x'.repeat(256),
      'd',
      `InvalidParameterValue: Invalid security group name. Valid names are strings less than 256 characters from the following set:  ${CHARACTERS}`,
    ],
  ])('name %j, description %j is refused', (name, description, error) => {
    const { cloud, vpcId } = makeShop();
    expect(errorOf(() => createSecurityGroup(cloud, { vpcId, name, description }))).toBe(error.replace('{vpc}', vpcId));
  });
});

describe('deleting a group', () => {
  it('A1: a default group cannot be deleted', () => {
    const { cloud, vpcId } = makeShop();
    const id = byId(cloud.vpcs, vpcId).defaultGroupId;
    expect(errorOf(() => deleteSecurityGroup(cloud, id))).toBe(
      `CannotDelete: the specified group: "${id}" name: "default" cannot be deleted by a user`,
    );
  });

  it('A17: not while an interface has it or another group refers to it', () => {
    const { cloud, web, db, publicSubnetId } = makeShop();
    const dependent = (id: string) => `DependencyViolation: resource ${id} has a dependent object`;
    const attached = launch(cloud, 'web-1', { subnetId: publicSubnetId, groupIds: [web] }).cloud;
    expect(errorOf(() => deleteSecurityGroup(attached, web))).toBe(dependent(web));
    const referenced = authorize(cloud, db, [fromGroup(web)]).cloud;
    expect(errorOf(() => deleteSecurityGroup(referenced, web))).toBe(dependent(web));
  });

  it('a group that refers only to itself is no obstacle', () => {
    const { cloud, web } = makeShop();
    const after = deleteSecurityGroup(authorize(cloud, web, [fromGroup(web)]).cloud, web);
    expect(errorOf(() => group(after, web))).toBe(`InvalidGroup.NotFound: The security group '${web}' does not exist`);
  });

  it('an id of another kind is malformed', () => {
    const { cloud } = makeShop();
    expect(errorOf(() => deleteSecurityGroup(cloud, 'i-0d95'))).toBe(
      'InvalidGroupId.Malformed: Invalid id: "i-0d95" (expecting "sg-...")',
    );
  });
});
