import { peerIdentity } from '../../cloud/groups/rules.js';
import type { Direction, PrefixList, SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import type { Script } from './script.js';
import { heading, jsonWord, quoted } from './shell.js';

export function prefixListLines(script: Script, { id, name, family, maxEntries, entries }: PrefixList): string[] {
  const args = `--prefix-list-name ${quoted(name)} --address-family ${family === 'ipv4' ? 'IPv4' : 'IPv6'} --max-entries ${maxEntries}`;
  const list = entries.map(({ cidr, description }) => ({ Cidr: script.block(cidr), ...describedBy(description) }));
  const tail = list.length === 0 ? '' : ` --entries ${jsonWord(list)}`;
  const made = script.assign(id, 'LIST', `create-managed-prefix-list ${args}${tail}`, 'PrefixList.PrefixListId');
  const state = `describe-managed-prefix-lists --prefix-list-ids ${script.use(id)} --query 'PrefixLists[0].State'`;
  return [heading(`prefix list ${name}`), made, `wait_for create-complete aws ec2 ${state} --output text`];
}

export function groupLines(
  script: Script,
  { id, name, description, vpcId, associatedVpcIds }: SecurityGroup,
): string[] {
  if (byId(script.cloud.vpcs, vpcId).defaultGroupId === id) return [];
  const args = `--group-name ${quoted(name)} --description ${quoted(description)} --vpc-id ${script.use(vpcId)}`;
  return [
    heading(`group ${name}`),
    script.assign(id, 'GROUP', `create-security-group ${args}`, 'GroupId'),
    ...associatedVpcIds.map((other) => {
      return `aws ec2 associate-security-group-vpc --group-id ${script.use(id)} --vpc-id ${script.use(other)}`;
    }),
  ];
}

/** The rules with which AWS makes the group go if the lab has them not; the lab's others come. */
export function ruleLines(script: Script, group: SecurityGroup): string[] {
  const own = `--group-id ${script.use(group.id)}`;
  const lists = group.rules.flatMap(({ peer }) =>
    peer.type === 'prefix-list' ? script.lookUpPrefixList(peer.prefixListId) : [],
  );
  const lines = (['ingress', 'egress'] as const).flatMap((direction) => {
    const rules = group.rules.filter((rule) => rule.direction === direction);
    const born = defaultPeers(script, group, direction);
    const isKept = (rule: SecurityGroupRule) =>
      rule.protocol === '-1' &&
      rule.description === null &&
      born.some((peer) => peer.identity === peerIdentity(rule.peer));
    const gone = born.filter(
      ({ identity }) => !rules.some((rule) => isKept(rule) && peerIdentity(rule.peer) === identity),
    );
    const change = (verb: string, permissions: unknown) =>
      `aws ec2 ${verb}-security-group-${direction} ${own} --ip-permissions ${jsonWord([permissions])}`;
    return [
      ...gone.map(({ part }) => change('revoke', { IpProtocol: '-1', ...part })),
      ...rules.filter((rule) => !isKept(rule)).map((rule) => change('authorize', permission(script, rule))),
    ];
  });
  return lines.length === 0 ? [] : [heading(`rules of ${group.name}`), ...lists, ...lines];
}

/** The peers to whom AWS's rules of a new group allow all traffic. */
function defaultPeers(script: Script, group: SecurityGroup, direction: Direction) {
  const vpc = byId(script.cloud.vpcs, group.vpcId);
  if (direction === 'ingress') {
    const part = { UserIdGroupPairs: [{ GroupId: script.id(group.id) }] };
    return vpc.defaultGroupId === group.id ? [{ identity: group.id, part }] : [];
  }
  const ipv6 = { identity: '::/0', part: { Ipv6Ranges: [{ CidrIpv6: '::/0' }] } };
  const ipv4 = { identity: '0.0.0.0/0', part: { IpRanges: [{ CidrIp: '0.0.0.0/0' }] } };
  return script.hasIpv6(vpc) ? [ipv4, ipv6] : [ipv4];
}

function permission(script: Script, { protocol, fromPort, toPort, peer, description }: SecurityGroupRule) {
  const about = describedBy(description);
  const ports = fromPort === null ? {} : { FromPort: fromPort, ToPort: toPort };
  const head = { IpProtocol: protocol, ...ports };
  if (peer.type === 'group') return { ...head, UserIdGroupPairs: [{ GroupId: script.id(peer.groupId), ...about }] };
  if (peer.type === 'prefix-list') {
    return { ...head, PrefixListIds: [{ PrefixListId: script.id(peer.prefixListId), ...about }] };
  }
  const cidr = script.block(peer.cidr);
  if (peer.family === 'ipv4') return { ...head, IpRanges: [{ CidrIp: cidr, ...about }] };
  return { ...head, Ipv6Ranges: [{ CidrIpv6: cidr, ...about }] };
}

function describedBy(description: string | null) {
  return description === null ? {} : { Description: description };
}
