import { byId } from '../../cloud/by-id.js';
import { makeDefaultNetworkAcl } from '../../cloud/network/network-acl.js';
import type { NetworkAcl, NetworkAclEntry } from '../../cloud/network/types.js';
import type { Script } from './script.js';
import { heading, nameTag, word } from './shell.js';

const NUMBERS: Readonly<Record<string, string>> = { icmp: '1', tcp: '6', udp: '17', icmpv6: '58' };

/** A list with its entries and subnets; of the default one, what differs from how AWS makes it. */
export function aclLines(script: Script, acl: NetworkAcl): string[] {
  const vpc = byId(script.cloud.vpcs, acl.vpcId);
  const isDefault = vpc.defaultNetworkAclId === acl.id;
  const born = isDefault
    ? makeDefaultNetworkAcl({ ...vpc, ipv6Cidr: script.hasIpv6(vpc) ? vpc.ipv6Cidr : null }).entries
    : [];
  const create = `create-network-acl --vpc-id ${script.use(vpc.id)} ${nameTag('network-acl', acl.name)}`;
  const made = isDefault ? [] : [script.assign(acl.id, 'ACL', create, 'NetworkAcl.NetworkAclId')];
  const own = `--network-acl-id ${script.use(acl.id)}`;
  const isIn = (list: readonly NetworkAclEntry[], entry: NetworkAclEntry) =>
    list.some((other) => entryArgs(script, other) === entryArgs(script, entry));
  const lines = [
    ...made,
    ...born
      .filter((entry) => !isIn(acl.entries, entry))
      .map(({ direction, number }) => `aws ec2 delete-network-acl-entry ${own} --${direction} --rule-number ${number}`),
    ...acl.entries
      .filter((entry) => !isIn(born, entry))
      .map((entry) => `aws ec2 create-network-acl-entry ${own} ${entryArgs(script, entry)}`),
    ...Object.values(script.cloud.subnets)
      .filter(({ networkAclId }) => networkAclId === acl.id)
      .flatMap(({ id }) => associationLines(script, own, id)),
  ];
  return lines.length === 0 ? [] : [heading(`network ACL ${acl.name}`), ...lines];
}

/** A subnet always has a list: its association is replaced. */
function associationLines(script: Script, own: string, subnetId: string): string[] {
  const subnet = script.id(subnetId).shell;
  const filter = `--filters "Name=association.subnet-id,Values=${subnet}"`;
  const query = `"NetworkAcls[0].Associations[?SubnetId=='${subnet}'] | [0].NetworkAclAssociationId"`;
  return [
    `ASSOCIATION=$(aws ec2 describe-network-acls ${filter} --query ${query} --output text)`,
    `aws ec2 replace-network-acl-association --association-id "$ASSOCIATION" ${own}`,
  ];
}

function entryArgs(script: Script, entry: NetworkAclEntry): string {
  const { direction, number, action, protocol, fromPort, toPort, family, cidr } = entry;
  const code = NUMBERS[protocol] ?? protocol;
  const isIcmp = code === '1' || code === '58';
  const range =
    fromPort === null ? '' : isIcmp ? icmpArgs(fromPort, toPort) : ` --port-range From=${fromPort},To=${toPort}`;
  const block = `${family === 'ipv4' ? '--cidr-block' : '--ipv6-cidr-block'} ${word(script.block(cidr))}`;
  return `--${direction} --rule-number ${number} --protocol=${code} --rule-action ${action} ${block}${range}`;
}

function icmpArgs(type: number, code: number | null): string {
  return ` --icmp-type-code Type=${type},Code=${code ?? -1}`;
}
