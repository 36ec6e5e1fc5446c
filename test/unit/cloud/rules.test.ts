import { describe, expect, it } from 'vitest';
import { refuseDenyRule, refuseRateLimit } from '../../../src/cloud/errors.js';
import { modifyRule } from '../../../src/cloud/groups/modify-rules.js';
import { authorize, type RuleSpec, revoke, revokeById } from '../../../src/cloud/groups/rules.js';
import { byId } from '../../../src/cloud/lookup.js';
import { errorOf, fromGroup, ingress, makeShop } from './shop.js';

const ANY = '0.0.0.0/0';

describe('authorize', () => {
  it('gives each rule an id and an index that are never used again', () => {
    const { cloud, web } = makeShop();
    const first = authorize(cloud, web, [ingress('tcp', [22, 22], ANY)]);
    const again = authorize(revoke(first.cloud, web, [ingress('tcp', [22, 22], ANY)]).cloud, web, [
      ingress('tcp', [22, 22], ANY),
    ]);
    expect(again.rules[0]?.id).toMatch(/^sgr-[0-9a-f]{17}$/);
    expect(again.rules[0]?.id).not.toBe(first.rules[0]?.id);
    expect(again.rules[0]?.index).toBeGreaterThan(first.rules[0]?.index ?? Number.NaN);
  });

  it('A6: canonicalises blocks, and the canonical form is a duplicate', () => {
    const { cloud, web } = makeShop();
    const { cloud: next, rules } = authorize(cloud, web, [ingress('tcp', [22, 22], '100.68.0.18/18')]);
    expect(rules[0]?.peer).toEqual({ type: 'cidr', family: 'ipv4', cidr: '100.68.0.0/18' });
    expect(errorOf(() => authorize(next, web, [ingress('tcp', [22, 22], '100.68.0.0/18')]))).toBe(
      'InvalidPermission.Duplicate: the specified rule "peer: 100.68.0.0/18, TCP, from port: 22, to port: 22, ALLOW" already exists',
    );
  });

  it('A7: another description does not make another rule', () => {
    const { cloud, web } = makeShop();
    const next = authorize(cloud, web, [{ ...ingress('tcp', [22, 22], ANY), description: 'a' }]).cloud;
    expect(errorOf(() => authorize(next, web, [{ ...ingress('tcp', [22, 22], ANY), description: 'b' }]))).toMatch(
      /^InvalidPermission.Duplicate/,
    );
  });

  it.each([
    [ingress('-1', [80, 80], ANY), ingress('-1', null, ANY), 'peer: 0.0.0.0/0, ALL, ALLOW'],
    [ingress('icmp', [-1, -1], ANY), ingress('1', [-1, -1], ANY), 'peer: 0.0.0.0/0, ICMP, type: ALL, code: ALL, ALLOW'],
    [ingress('50', [1, 2], ANY), ingress('50', null, ANY), 'peer: 0.0.0.0/0, protocol: 50, ALLOW'],
    [
      ingress('6', [22, 22], ANY),
      ingress('TCP', [22, 22], ANY),
      'peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW',
    ],
    [
      ingress('tcp', [1, 2], '2001:DB8:0::/32'),
      ingress('tcp', [1, 2], '2001:db8::/32'),
      'peer: 2001:db8::/32, TCP, from port: 1, to port: 2, ALLOW',
    ],
  ])('%#: two ways to write "%2$s" are one rule', (one, other, text) => {
    const { cloud, web } = makeShop();
    const next = authorize(cloud, web, [one]).cloud;
    expect(errorOf(() => authorize(next, web, [other]))).toBe(
      `InvalidPermission.Duplicate: the specified rule "${text}" already exists`,
    );
    expect(errorOf(() => authorize(cloud, web, [one, other]))).toBe(
      'InvalidParameterValue: The same permission must not appear multiple times',
    );
  });

  it('overlapping but different rules coexist', () => {
    const { cloud, web } = makeShop();
    const specs = [
      ingress('tcp', [22, 22], ANY),
      ingress('tcp', [22, 22], '10.0.0.1/32'),
      ingress('tcp', [20, 30], ANY),
    ];
    expect(authorize(cloud, web, specs).rules).toHaveLength(3);
  });

  it('is atomic: one bad rule, and nothing changes', () => {
    const { cloud, web } = makeShop();
    const before = structuredClone(cloud);
    expect(errorOf(() => authorize(cloud, web, [ingress('tcp', [22, 22], ANY), ingress('tcp', [9, 8], ANY)]))).toMatch(
      /port range \(9:8\)/,
    );
    expect(cloud).toEqual(before);
  });

  const malformed = (text: string) => `InvalidParameterValue: CIDR block ${text} is malformed`;
  it.each<[string, RuleSpec['peer'], string]>([
    ['IPv6 text as CidrIp', { type: 'cidr', family: 'ipv4', cidr: '::/0' }, malformed('::/0')],
    ['IPv4 text as CidrIpv6', { type: 'cidr', family: 'ipv6', cidr: ANY }, malformed(ANY)],
    ['no prefix length', { type: 'cidr', cidr: '10.0.0.1' }, malformed('10.0.0.1')],
    ['control characters', { type: 'cidr', cidr: '10.0.0.\u001b[0m' }, malformed('10.0.0.\\u001b[0m')],
    [
      'unknown group',
      { type: 'group', groupId: 'sg-00000000' },
      "InvalidGroup.NotFound: The security group 'sg-00000000' does not exist",
    ],
    [
      'inherited property as id',
      { type: 'group', groupId: 'constructor' },
      'InvalidGroupId.Malformed: Invalid id: "constructor" (expecting "sg-...")',
    ],
  ])('refuses a peer: %s', (_what, peer, error) => {
    const { cloud, web } = makeShop();
    expect(errorOf(() => authorize(cloud, web, [{ ...ingress('-1', null, ANY), peer }]))).toBe(error);
  });

  it('refuses a group of another VPC', () => {
    const { cloud, web, payApi } = makeShop();
    expect(errorOf(() => authorize(cloud, web, [fromGroup(payApi)]))).toBe(
      'InvalidGroup.NotFound: You have specified two resources that belong to different networks.',
    );
  });

  it('refuses descriptions with other characters than AWS’s; & is one of them', () => {
    const { cloud, web } = makeShop();
    expect(authorize(cloud, web, [{ ...ingress('-1', null, ANY), description: 'R&D' }]).rules[0]?.description).toBe(
      'R&D',
    );
    expect(errorOf(() => authorize(cloud, web, [{ ...ingress('-1', null, ANY), description: 'ä' }]))).toBe(
      'InvalidParameterValue: Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    );
  });
});

describe('revoke', () => {
  it('A8: -1 with ports 0/0 revokes the default egress rule', () => {
    const { cloud, payApi } = makeShop();
    const spec: RuleSpec = { ...ingress('-1', [0, 0], ANY), direction: 'egress' };
    expect(byId(revoke(cloud, payApi, [spec]).cloud.securityGroups, payApi).rules).toEqual([]);
  });

  it('A9: one unknown rule, and nothing is revoked', () => {
    const { cloud, web } = makeShop();
    const { cloud: next } = authorize(cloud, web, [ingress('tcp', [22, 22], ANY)]);
    expect(errorOf(() => revoke(next, web, [ingress('tcp', [22, 22], ANY), ingress('tcp', [23, 23], ANY)]))).toBe(
      'InvalidPermission.NotFound: The specified rule does not exist in this security group.',
    );
    expect(byId(next.securityGroups, web).rules).toHaveLength(3);
  });

  it('the direction counts', () => {
    const { cloud, web } = makeShop();
    expect(errorOf(() => revoke(cloud, web, [ingress('-1', null, ANY)]))).toMatch(/^InvalidPermission.NotFound/);
  });

  it('A10: one block of several leaves the others', () => {
    const { cloud, web } = makeShop();
    const specs = ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16'].map((cidr) => ingress('tcp', [22, 22], cidr));
    const next = revoke(authorize(cloud, web, specs).cloud, web, [ingress('tcp', [22, 22], '10.1.0.0/16')]).cloud;
    const left = byId(next.securityGroups, web).rules.filter((rule) => rule.direction === 'ingress');
    expect(left.map(({ peer }) => 'cidr' in peer && peer.cidr)).toEqual(['10.0.0.0/16', '10.2.0.0/16']);
  });

  it('A11: by id; an id of another group is unknown', () => {
    const { cloud, web, db } = makeShop();
    const { cloud: next, rules } = authorize(cloud, web, [ingress('tcp', [22, 22], ANY)]);
    const id = rules[0]?.id ?? '';
    expect(revokeById(next, web, [id, id]).rules).toEqual(rules);
    expect(errorOf(() => revokeById(next, db, [id]))).toBe(
      `InvalidSecurityGroupRuleId.NotFound: The security group rule ID '${id}' does not exist`,
    );
  });
});

describe('modifyRule', () => {
  it('A12: keeps id and index', () => {
    const { cloud, web } = makeShop();
    const { cloud: next, rules } = authorize(cloud, web, [ingress('tcp', [22, 22], ANY)]);
    const [rule] = rules;
    const change = modifyRule(next, web, rule?.id ?? '', ingress('tcp', [22, 23], '10.0.0.9/8'));
    expect(change.rules).toEqual([{ ...rule, toPort: 23, peer: { type: 'cidr', family: 'ipv4', cidr: '10.0.0.0/8' } }]);
    expect(byId(change.cloud.securityGroups, web).rules).toHaveLength(3);
  });

  it('A13: the type of the peer cannot change', () => {
    const { cloud, web } = makeShop();
    const { cloud: next, rules } = authorize(cloud, web, [ingress('tcp', [22, 22], ANY)]);
    const id = rules[0]?.id ?? '';
    expect(errorOf(() => modifyRule(next, web, id, ingress('tcp', [22, 22], '::/0')))).toBe(
      `InvalidParameterValue: Invalid rule type for security group rule '${id}'. You may not specify CidrIpv6 for an existing IPv4 CIDR rule.`,
    );
    expect(errorOf(() => modifyRule(next, web, id, fromGroup(web)))).toMatch(/may not specify ReferencedGroupId/);
  });

  it('cannot become equal to another rule, but may stay what it is', () => {
    const { cloud, web } = makeShop();
    const { cloud: next, rules } = authorize(cloud, web, [
      ingress('tcp', [22, 22], ANY),
      ingress('tcp', [80, 80], ANY),
    ]);
    const id = rules[0]?.id ?? '';
    expect(errorOf(() => modifyRule(next, web, id, ingress('tcp', [80, 80], ANY)))).toMatch(
      /^InvalidPermission.Duplicate/,
    );
    expect(modifyRule(next, web, id, ingress('tcp', [22, 22], ANY)).rules[0]?.id).toBe(id);
  });
});

it('what AWS has not is refused with what AWS has instead', () => {
  expect(refuseDenyRule()).toMatchObject({
    message: expect.stringMatching(/only allow/),
    hint: expect.stringMatching(/network ACL/),
  });
  expect(refuseRateLimit()).toMatchObject({ message: expect.stringMatching(/no rate limit/) });
});
