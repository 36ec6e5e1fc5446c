import { describe, expect, it } from 'vitest';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { modifyRule } from '../../../src/cloud/groups/modify-rules.js';
import { createPrefixList } from '../../../src/cloud/groups/prefix-list.js';
import { authorize, type RuleSpec } from '../../../src/cloud/groups/rules.js';
import { createSecurityGroup } from '../../../src/cloud/groups/security-group.js';
import { setInterfaceGroups } from '../../../src/cloud/interfaces/interface-attributes.js';
import { enisOf, errorOf, fromGroup, ingress, launch, makeShop } from './shop.js';

const v4 = (count: number, start = 1) =>
  Array.from({ length: count }, (_, i) => ingress('tcp', [start + i, start + i], '0.0.0.0/0'));
const v6 = (count: number) => Array.from({ length: count }, (_, i) => ingress('tcp', [1 + i, 1 + i], '::/0'));
const egress = (specs: readonly RuleSpec[]) => specs.map((spec): RuleSpec => ({ ...spec, direction: 'egress' }));
const TOO_MANY = 'RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.';

describe('rules per group', () => {
  it('A14: 60 each of inbound and outbound, IPv4 and IPv6; the 61st is too many', () => {
    const { cloud, web } = makeShop();
    // The default egress rules are the 60th of their kind.
    const full = authorize(cloud, web, [...v4(60), ...v6(60), ...egress(v4(59)), ...egress(v6(59))]).cloud;
    for (const spec of [v4(1, 100), egress(v4(1, 100)), [ingress('tcp', [99, 99], '::/0')]]) {
      expect(errorOf(() => authorize(full, web, spec))).toBe(TOO_MANY);
    }
  });

  it('a group reference counts in both families', () => {
    const { cloud, web, db } = makeShop();
    const mixed = authorize(cloud, web, [...v4(59), ...v6(60)]).cloud;
    expect(errorOf(() => authorize(mixed, web, [fromGroup(db)]))).toBe(TOO_MANY);
    expect(errorOf(() => authorize(authorize(cloud, web, v4(59)).cloud, web, [fromGroup(db)]))).toBe('no error');
  });

  it('A15: a prefix list counts its maximum of entries, 55 here, although it has one', () => {
    const { cloud, web, prefixListId } = makeShop();
    const withList = authorize(cloud, web, [
      { ...ingress('tcp', [443, 443], '0.0.0.0/0'), peer: { type: 'prefix-list', prefixListId } },
      ...v6(60),
    ]).cloud;
    expect(errorOf(() => authorize(withList, web, v4(5)))).toBe('no error');
    expect(errorOf(() => authorize(withList, web, v4(6)))).toBe(TOO_MANY);
  });

  it('modifying a rule cannot exceed it either', () => {
    const shop = makeShop();
    const small = createPrefixList(shop.cloud, { name: 'small', family: 'ipv4', maxEntries: 2, entries: [] });
    const uses = (prefixListId: string): RuleSpec => ({
      ...ingress('tcp', [443, 443], '0.0.0.0/0'),
      peer: { type: 'prefix-list', prefixListId },
    });
    const { cloud, rules } = authorize(small.cloud, shop.web, [uses(small.prefixList.id), ...v4(58)]);
    expect(errorOf(() => modifyRule(cloud, shop.web, rules[0]?.id ?? '', uses(shop.prefixListId)))).toBe(TOO_MANY);
  });
});

describe('groups per interface', () => {
  it('A16: five, and the sixth is too many; none is refused', () => {
    const shop = makeShop();
    let cloud = shop.cloud;
    const ids = Array.from({ length: 6 }, (_, i) => {
      const made = createSecurityGroup(cloud, { vpcId: shop.vpcId, name: `g${i}`, description: 'd' });
      cloud = made.cloud;
      return made.group.id;
    });
    const made = launch(cloud, 'web-1', { subnetId: shop.publicSubnetId, groupIds: ids.slice(0, 5) });
    const id = enisOf(made.cloud, made.instance)[0]?.id ?? '';
    const tooMany =
      'SecurityGroupsPerInterfaceLimitExceeded: The maximum number of security groups per interface has been reached.';
    expect(errorOf(() => setInterfaceGroups(made.cloud, id, ids))).toBe(tooMany);
    expect(errorOf(() => launch(cloud, 'web-2', { subnetId: shop.publicSubnetId, groupIds: ids }))).toBe(tooMany);
    expect(errorOf(() => setInterfaceGroups(made.cloud, id, []))).toMatch(/^InvalidParameterValue/);
  });
});

describe('raised quotas', () => {
  it.each([
    [100, 10, 'no error'],
    [62, 16, 'no error'],
    [101, 10, 'InvalidParameterValue: 101 rules per group × 10 groups per interface is more than 1000'],
    [10, 17, 'InvalidParameterValue: 17 groups per interface: AWS grants at most 16'],
  ])('%i rules × %i groups: %s', (rulesPerGroup, groupsPerInterface, error) => {
    expect(errorOf(() => createCloud({ name: 'x', quotas: { rulesPerGroup, groupsPerInterface } }))).toBe(error);
  });
});
