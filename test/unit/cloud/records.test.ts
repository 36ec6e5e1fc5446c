import { describe, expect, it } from 'vitest';
import { createSecurityGroup } from '../../../src/cloud/groups/security-group.js';
import { runInstance } from '../../../src/cloud/instances/instance.js';
import { namedLike } from '../../../src/cloud/lookup.js';
import { Draft } from '../../../src/cloud/records.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { makeShop } from './shop.js';

type Change = (cloud: Cloud) => { readonly cloud: Cloud };

const { cloud: shop, privateSubnetId: subnetId, vpcId } = makeShop();

const instance =
  (name: string, privateIp?: string): Change =>
  (cloud) =>
    runInstance(cloud, { name, interfaces: [{ subnetId, ...(privateIp === undefined ? {} : { privateIp }) }] });
const group =
  (name: string): Change =>
  (cloud) =>
    createSecurityGroup(cloud, { vpcId, name, description: 'd' });
/** Fails after it has put its first interface into the cloud. */
const failing: Change = (cloud) =>
  runInstance(cloud, { name: 'half', interfaces: [{ subnetId }, { subnetId, privateIp: '10.0.2.6' }] });

const CHANGES = [instance('a'), group('x'), instance('b', '10.0.2.6'), group('y'), instance('c'), instance('d')];

describe('a draft', () => {
  it('gives what the same mutations give one after another', () => {
    const draft = new Draft(shop);
    for (const change of CHANGES) draft.apply(change);
    const expected = CHANGES.reduce((cloud, change) => change(cloud).cloud, shop);
    expect(JSON.stringify(draft.cloud)).toBe(JSON.stringify(expected));
  });

  it('leaves alone the cloud that it began with', () => {
    const before = JSON.stringify(shop);
    new Draft(shop).apply(group('x'));
    expect(JSON.stringify(shop)).toBe(before);
  });

  it('is as it was after a mutation that failed or was only rehearsed, its names and addresses included', () => {
    const draft = new Draft(shop);
    for (const change of CHANGES) draft.apply(change);
    const before = JSON.stringify(draft.cloud);
    expect(() => draft.apply(failing)).toThrow(/10.0.2.6 is in use/);
    draft.rehearse(instance('e', '10.0.2.50'));
    draft.rehearse(group('z'));
    expect(JSON.stringify(draft.cloud)).toBe(before);
    expect(namedLike(draft.cloud.securityGroups, 'Z')).toEqual([]);
    draft.apply(instance('e', '10.0.2.50'));
    draft.apply(group('z'));
    expect(namedLike(draft.cloud.securityGroups, 'Z')).toHaveLength(1);
  });
});
