import { describe, expect, it } from 'vitest';
import { applyMutation, mutationText } from '../../../src/changes/mutation.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import { groupMembers } from '../../../src/cloud/groups/members.js';
import { byId } from '../../../src/cloud/lookup.js';
import { parseRule, ruleText, unresolvedRuleText } from '../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { errorOf, group, makeLab } from './shop.js';

const said = (cloud: Cloud, name: string) => group(cloud, name).rules.map((rule) => ruleText(cloud, rule));
const authorize = (name: string, ...rules: string[]): Mutation => ({
  type: 'authorize',
  group: name,
  rules: rules.map(parseRule),
});

describe('parseRuleWords', () => {
  it.each([
    ['tcp/443 from 0.0.0.0/0', 'ingress', 'tcp', 443, 443, '0.0.0.0/0'],
    ['tcp/7000-8000 to 10.0.0.0/16', 'egress', 'tcp', 7000, 8000, '10.0.0.0/16'],
    ['TCP/all from web', 'ingress', 'tcp', 0, 65535, 'web'],
    ['6/22 from web', 'ingress', 'tcp', 22, 22, 'web'],
    ['icmp/8/-1 from web', 'ingress', 'icmp', 8, -1, 'web'],
    ['icmp/8 from web', 'ingress', 'icmp', 8, -1, 'web'],
    ['icmp from web', 'ingress', 'icmp', -1, -1, 'web'],
    ['-1 to ::/0', 'egress', '-1', null, null, '::/0'],
    ['All traffic to ::/0', 'egress', '-1', null, null, '::/0'],
    ['allow all traffic from all traffic', 'ingress', '-1', null, null, 'all traffic'],
    ['all from web', 'ingress', '-1', null, null, 'web'],
    ['47 from Web Servers', 'ingress', '47', null, null, 'Web Servers'],
    ['  allow udp/53 from web ', 'ingress', 'udp', 53, 53, 'web'],
  ])('%s', (text, direction, protocol, fromPort, toPort, peer) => {
    expect(parseRule(text)).toEqual({ direction, protocol, fromPort, toPort, peer, description: null });
  });

  it.each([
    ['tcp/443', '"tcp/443" is not a rule'],
    ['tcp/443 traffic from web', '"tcp/443 traffic from web" is not a rule'],
    ['', '"" is not a rule'],
    ['tcp from web', 'TCP and UDP need ports'],
    ['tcp/https from web', '"https" is not a port or a range of ports'],
    ['icmp/echo from web', '"echo" is not an ICMP type, or type and code'],
    ['47/80 from web', 'protocol 47 has no ports'],
    ['http from web', "Invalid value 'http' for IP protocol. Unknown protocol."],
  ])('refuses %j: %s', (text, message) => {
    expect(errorOf(() => parseRule(text))).toBe(`InvalidParameterValue: ${message}`);
  });

  it('refuses to deny and to limit', () => {
    expect(errorOf(() => parseRule('deny tcp/22 from web'))).toMatch(/no deny rules/);
    expect(errorOf(() => parseRule('limit tcp/22 from web rate 10/second'))).toMatch(/no rate limit/);
  });

  it('reads what it writes', () => {
    for (const text of [
      'tcp/443 from web',
      'tcp/1-9 to ::/0',
      'icmp/8/-1 from web',
      'all traffic to web',
      '47 from web',
    ]) {
      expect(unresolvedRuleText(parseRule(text))).toBe(text);
    }
  });
});

describe('applyMutation', () => {
  it('authorizes rules with blocks, groups and prefix lists as peers', () => {
    const { cloud } = makeLab();
    const next = applyMutation(
      cloud,
      authorize('db', 'tcp/3306 from web', 'tcp/443 from partners', '47 from 10.0.1.0/24'),
    );
    expect(said(next, 'db')).toEqual([
      'all traffic to 0.0.0.0/0',
      'all traffic to ::/0',
      'tcp/3306 from web',
      'tcp/443 from partners',
      '47 from 10.0.1.0/24',
    ]);
  });

  it('revokes by words, by id and by description', () => {
    const { cloud } = makeLab();
    const described: Mutation = {
      type: 'authorize',
      group: 'db',
      rules: [{ ...parseRule('tcp/22 from web'), description: 'admin' }],
    };
    const open = applyMutation(applyMutation(cloud, authorize('db', 'tcp/3306 from web')), described);
    const id = group(open, 'db').rules.find((rule) => rule.fromPort === 3306)?.id ?? '';
    const revoke = (rules: string[], ruleIds: string[]): Mutation => ({
      type: 'revoke',
      group: 'db',
      rules: rules.map(parseRule),
      ruleIds,
    });
    expect(said(applyMutation(open, revoke(['all traffic to ::/0'], [id, 'admin'])), 'db')).toEqual([
      'all traffic to 0.0.0.0/0',
    ]);
    expect(errorOf(() => applyMutation(open, revoke([], ['admim'])))).toMatch(/no rule described as 'admim'/);
    expect(errorOf(() => applyMutation(open, revoke(['all traffic from web'], [id])))).toMatch(
      /^InvalidPermission.NotFound/,
    );
  });

  it('changes groups of interfaces, entries of prefix lists and servers', () => {
    const { cloud } = makeLab();
    const steps: Mutation[] = [
      { type: 'attach', instance: 'db-1.eth1', group: 'db' },
      { type: 'detach', instance: 'db-1.eth1', group: 'web' },
      { type: 'prefix-list', name: 'partners', add: ['10.2.0.0/16'], remove: ['10.1.0.0/16'] },
      { type: 'listen', on: 'office', listeners: [{ protocol: 'tcp', port: 80 }] },
    ];
    const next = steps.reduce(applyMutation, cloud);
    expect(groupMembers(next, group(next, 'web').id, 'ipv4')).toEqual(['10.0.1.4', '10.0.1.77']);
    expect(Object.values(next.prefixLists).find(({ name }) => name === 'partners')).toMatchObject({
      version: 2,
      entries: [{ cidr: '10.2.0.0/16' }],
    });
    expect(byId(next.externalHosts, 'office').listen).toEqual([{ protocol: 'tcp', port: 80 }]);
    expect(steps.map(mutationText)).toEqual([
      'attach db to db-1.eth1',
      'detach web from db-1.eth1',
      'prefix list partners: +10.2.0.0/16, -10.1.0.0/16',
      'listen on office: tcp/80',
    ]);
  });

  const change = (add: string[], remove: string[]): Mutation => ({
    type: 'prefix-list',
    name: 'partners',
    add,
    remove,
  });
  const listeners = [{ protocol: 'tcp', port: 80 }] as const;
  it.each<[Mutation, string]>([
    [authorize('dbb', 'all from web'), "InvalidGroup.NotFound: The security group 'dbb' does not exist"],
    [authorize('default', 'all from web'), 'InvalidParameterValue: several VPCs have a group default'],
    [authorize('db', 'all from wbe'), "InvalidGroup.NotFound: there is no security group or prefix list 'wbe'"],
    [
      authorize('db', 'all from office'),
      "InvalidParameterValue: office is a machine; a rule's peer is a CIDR block, a security group or a prefix list",
    ],
    [authorize('db', 'all from 10.0.0.1'), 'InvalidParameterValue: CIDR block 10.0.0.1 is malformed'],
    [authorize('db', 'all from 10.0.0.0/33'), 'InvalidParameterValue: CIDR block 10.0.0.0/33 is malformed'],
    [
      authorize('db', 'all from pay-api'),
      'InvalidGroup.NotFound: You have specified two resources that belong to different networks.',
    ],
    [
      { type: 'attach', instance: 'web-1', group: 'pay-api' },
      'InvalidGroup.NotFound: You have specified two resources that belong to different networks.',
    ],
    [
      { type: 'attach', instance: 'web-9', group: 'db' },
      'InvalidInstanceID.NotFound: there is no machine web-9 in the lab shop-lab',
    ],
    [
      { type: 'attach', instance: 'web-1.eth7', group: 'db' },
      'InvalidNetworkInterfaceID.NotFound: web-1.eth7 does not exist',
    ],
    [
      change(['10.1.5.5/16'], []),
      'InvalidPrefixListModification: An entry with the CIDR (10.1.0.0/16) already exists.',
    ],
    [
      change([], ['10.9.0.0/16']),
      'InvalidPrefixListModification: An entry with the CIDR (10.9.0.0/16) does not exist.',
    ],
    [change(['::/0'], []), 'InvalidParameterValue: CIDR block ::/0 is malformed'],
    [
      change(
        Array.from({ length: 55 }, (_, i) => `10.2.${i}.0/24`),
        [],
      ),
      'PrefixListMaxEntriesExceeded: The prefix list partners has room for 55 entries; this makes 56.',
    ],
    [{ type: 'close', on: 'web-1', listeners }, 'InvalidParameterValue: web-1 does not listen on tcp/80'],
  ])('%#: %2$s', (mutation, error) => {
    const { cloud } = makeLab();
    const before = structuredClone(cloud);
    expect(errorOf(() => applyMutation(cloud, mutation))).toBe(error);
    expect(cloud).toEqual(before);
  });
});
