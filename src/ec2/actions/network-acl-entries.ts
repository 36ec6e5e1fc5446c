import type { Direction } from '../../cloud/groups/types.js';
import { getNetworkAcl } from '../../cloud/lookup.js';
import { changeNetworkAcl, type EntryInput } from '../../cloud/network/network-acl.js';
import { isIcmp, normaliseProtocol } from '../../cloud/protocol.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';

export const networkAclEntryActions = { CreateNetworkAclEntry, ReplaceNetworkAclEntry, DeleteNetworkAclEntry };

async function CreateNetworkAclEntry(
  request: Input<'CreateNetworkAclEntry'>,
  context: ActionContext,
): Promise<Output<'CreateNetworkAclEntry'>> {
  const entry = entryOf(request);
  await context.change((before) => {
    const list = getNetworkAcl(before, request.NetworkAclId ?? '');
    if (list.entries.some(({ number, direction }) => number === entry.number && direction === entry.direction)) {
      const text = `The network acl entry identified by ${entry.number} already exists.`;
      throw new Ec2Error('NetworkAclEntryAlreadyExists', text);
    }
    return { cloud: changeNetworkAcl(before, list.id, { set: [entry] }) };
  });
}

async function ReplaceNetworkAclEntry(
  request: Input<'ReplaceNetworkAclEntry'>,
  context: ActionContext,
): Promise<Output<'ReplaceNetworkAclEntry'>> {
  const entry = entryOf(request);
  // One that is to be replaced must be there: taking it away first says so.
  const change = { remove: [entry], set: [entry] };
  await context.change((before) => ({ cloud: changeNetworkAcl(before, request.NetworkAclId ?? '', change) }));
}

async function DeleteNetworkAclEntry(
  { NetworkAclId = '', RuleNumber = 0, Egress }: Input<'DeleteNetworkAclEntry'>,
  context: ActionContext,
): Promise<Output<'DeleteNetworkAclEntry'>> {
  const remove = [{ direction: directionOf(Egress), number: RuleNumber }];
  await context.change((before) => ({ cloud: changeNetworkAcl(before, NetworkAclId, { remove }) }));
}

function entryOf(request: Input<'CreateNetworkAclEntry'>): EntryInput {
  const { RuleNumber = 0, Egress, RuleAction = '', Protocol = '', CidrBlock, Ipv6CidrBlock } = request;
  if (RuleAction !== 'allow' && RuleAction !== 'deny') {
    const text = `Value (${printable(RuleAction)}) for parameter ruleAction is invalid. It is allow or deny.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  const cidr = CidrBlock ?? Ipv6CidrBlock;
  if (cidr === undefined || (CidrBlock !== undefined && Ipv6CidrBlock !== undefined)) {
    const code = cidr === undefined ? 'MissingParameter' : 'InvalidParameterCombination';
    throw new Ec2Error(code, 'The request must contain exactly one of: cidrBlock, ipv6CidrBlock');
  }
  const protocol = normaliseProtocol(Protocol);
  const { IcmpTypeCode: icmp, PortRange: ports } = request;
  const [first, last] = isIcmp(protocol) ? [icmp?.Type, icmp?.Code] : [ports?.From, ports?.To];
  return {
    number: RuleNumber,
    direction: directionOf(Egress),
    action: RuleAction,
    protocol,
    fromPort: first ?? null,
    toPort: last ?? null,
    cidr,
  };
}

function directionOf(egress: boolean | undefined): Direction {
  return egress === true ? 'egress' : 'ingress';
}
