import { CloudError } from '../errors.js';
import { makeGroup } from '../groups/security-group.js';
import type { Family, SecurityGroup } from '../groups/types.js';
import { makeId, nextSerial } from '../ids.js';
import { withEntry } from '../lookup.js';
import { checkName } from '../text/names.js';
import type { Cloud } from '../types.js';
import { type Cidr, checkBlockSize, cidrsOverlap, parseBlock, parseCidr } from './cidr.js';
import { checkNoInternetAddressIn, checkNotSpecial } from './internet-address.js';
import { makeDefaultNetworkAcl } from './network-acl.js';
import { makeRouteTable } from './route-table.js';
import type { Vpc } from './types.js';

/** Prefix lengths of a VPC's and of a subnet's block (SUB). */
export const IPV4_SIZES = [16, 28] as const;
const IPV6_VPC_SIZES = [44, 60] as const;

export interface VpcInput {
  /** Left out: its id. */
  readonly name?: string;
  /** IPv4 blocks, the primary one first. */
  readonly cidrs: readonly [string, ...string[]];
  readonly ipv6Cidr?: string | null;
  readonly internetGateway?: boolean;
  readonly egressOnlyInternetGateway?: boolean;
  /** Default false. */
  readonly isDefault?: boolean;
}

/**
 * A VPC with its default group (ingress from itself, egress everywhere: section 2 of the semantics, DSG) and its main route
 * table and its default network ACL.
 */
export function createVpc(cloud: Cloud, input: VpcInput): { cloud: Cloud; vpc: Vpc; defaultGroup: SecurityGroup } {
  if (input.name !== undefined) checkName('a VPC', input.name);
  if (input.isDefault === true) checkNoDefaultVpc(cloud);
  const cidrs = checkVpcBlocks(cloud, 'ipv4', input.cidrs);
  const [ipv6Cidr = null] = input.ipv6Cidr == null ? [] : checkVpcBlocks(cloud, 'ipv6', [input.ipv6Cidr]);
  const base = nextSerial(cloud);
  const vpcId = makeId(base, 'vpc');
  const hasIpv6 = ipv6Cidr !== null;
  const made = makeGroup(base, { vpcId, hasIpv6, name: 'default', description: 'default VPC security group' });
  const vpc: Vpc = {
    id: vpcId,
    name: input.name ?? vpcId,
    attributes: {
      enableDnsSupport: true,
      enableDnsHostnames: input.isDefault ?? false,
      enableNetworkAddressUsageMetrics: false,
    },
    cidrs,
    ipv6Cidr,
    internetGatewayId: input.internetGateway === true ? makeId(base, 'igw') : null,
    egressOnlyInternetGatewayId: input.egressOnlyInternetGateway === true ? makeId(base, 'eigw') : null,
    defaultGroupId: made.group.id,
    mainRouteTableId: makeId(base, 'rtb'),
    defaultNetworkAclId: makeId(base, 'acl'),
    isDefault: input.isDefault ?? false,
  };
  const main = makeRouteTable(made.cloud, vpc, { id: vpc.mainRouteTableId, name: `${vpc.name}.main` });
  const vpcs = withEntry(made.cloud.vpcs, vpc);
  const routeTables = withEntry(made.cloud.routeTables, main);
  const networkAcls = withEntry(made.cloud.networkAcls, makeDefaultNetworkAcl(vpc));
  const internetGateways =
    vpc.internetGatewayId === null
      ? made.cloud.internetGateways
      : withEntry(made.cloud.internetGateways, { id: vpc.internetGatewayId });
  return { cloud: { ...made.cloud, vpcs, internetGateways, routeTables, networkAcls }, vpc, defaultGroup: made.group };
}

/** The VPC of requests that name none. Throws CloudError `VPCIdNotSpecified`. */
export function defaultVpc(cloud: Cloud): Vpc {
  const found = findDefaultVpc(cloud);
  if (found !== undefined) return found;
  throw new CloudError('VPCIdNotSpecified', 'No default VPC for this user', 'Name a VPC, or make the default one.');
}

/** AWS's refusal wherever a VPC would need a gateway to the internet and has none. */
export function noInternetGateway(vpc: Vpc, because: string): CloudError {
  return new CloudError(
    'Gateway.NotAttached',
    `${because}, but network ${vpc.id} (VPC ${vpc.name}) is not attached to any internet gateway`,
    `Give VPC ${vpc.name} \`internetGateway: true\`.`,
  );
}

function checkNoDefaultVpc(cloud: Cloud): void {
  const existing = findDefaultVpc(cloud);
  if (existing === undefined) return;
  const text = 'A Default VPC already exists for this account in this region.';
  throw new CloudError('DefaultVpcAlreadyExists', text, `It is ${existing.name}.`);
}

function findDefaultVpc(cloud: Cloud): Vpc | undefined {
  return Object.values(cloud.vpcs).find(({ isDefault }) => isDefault);
}

/** The blocks of one VPC in canonical form. Throws CloudError for those that no VPC, or not this one, can have. */
export function checkVpcBlocks(cloud: Cloud, family: Family, texts: readonly string[]): string[] {
  if (family === 'ipv6') return texts.map((text) => checkIpv6Block(cloud, text));
  const cidrs = texts.map((text) => checkVpcBlock(cloud, parseBlock('cidrBlock', 'ipv4', text), IPV4_SIZES));
  checkDisjoint(cidrs);
  return cidrs.map(({ text }) => text);
}

function checkVpcBlock(cloud: Cloud, cidr: Cidr, sizes: readonly [number, number]): Cidr {
  checkBlockSize('InvalidVpc.Range', cidr, sizes);
  checkNotSpecial(cidr);
  checkNoInternetAddressIn(cloud, cidr);
  return cidr;
}

/** IPv6 is routed without translation, so unlike IPv4 blocks no two VPCs can share one. */
function checkIpv6Block(cloud: Cloud, text: string): string {
  const cidr = checkVpcBlock(cloud, parseBlock('ipv6CidrBlock', 'ipv6', text), IPV6_VPC_SIZES);
  const others = Object.values(cloud.vpcs).filter((vpc) => vpc.ipv6Cidr !== null);
  const other = others.find((vpc) => cidrsOverlap(parseCidr(vpc.ipv6Cidr ?? ''), cidr));
  if (other === undefined) return cidr.text;
  throw new CloudError(
    'InvalidVpc.Range',
    `The CIDR '${cidr.text}' is invalid.`,
    `VPC ${other.name} has ${other.ipv6Cidr}.`,
  );
}

function checkDisjoint(cidrs: readonly Cidr[]): void {
  cidrs.forEach((cidr, position) => {
    if (!cidrs.slice(0, position).some((earlier) => cidrsOverlap(earlier, cidr))) return;
    throw new CloudError(
      'InvalidVpc.Range',
      `The CIDR '${cidr.text}' is invalid.`,
      'The blocks of a VPC must not overlap.',
    );
  });
}
