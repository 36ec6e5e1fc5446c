import { z } from 'zod';
import {
  connectionTrackingSchema,
  idSchema,
  listenSchema,
  oneOrMany,
  placementShape,
  ruleSchema,
  SUBNET,
} from '../changes/schema-parts.js';
import { addressText, cidrText, ipv4Text, nameText } from '../changes/text-shapes.js';
import { INSTANCE_KINDS } from '../cloud/instances/kinds.js';
import { countSchema } from './counted.js';

const subnetSchema = z
  .strictObject({
    id: idSchema('subnet-0123456789abcdef0'),
    cidr: cidrText.describe('A /16 to /28 block inside the VPC. Example: `cidr: 10.0.1.0/24`'),
    ipv6Cidr: cidrText.optional().describe('A /64 block inside the VPC’s. Example: `ipv6Cidr: 2001:db8:1::/64`'),
    public: z
      .boolean()
      .optional()
      .describe('Its default route points at the VPC’s internet gateway. Default false. Example: `public: true`'),
    routeTable: z
      .string()
      .optional()
      .describe('Its route table. Default: the VPC’s main one. Example: `routeTable: dmz`'),
    networkAcl: z
      .string()
      .optional()
      .describe('Its network ACL. Default: the VPC’s default one. Example: `networkAcl: strict`'),
    count: countSchema('{ count: 3, cidr: "10.0.{n}.0/24" }'),
  })
  .describe('Example: `{ cidr: 10.0.1.0/24, public: true }`');

export const vpcSchema = z
  .strictObject({
    id: idSchema('vpc-0123456789abcdef0'),
    cidr: oneOrMany(cidrText).describe('/16 to /28, or a list of such blocks. Example: `cidr: 10.0.0.0/16`'),
    ipv6Cidr: cidrText.optional().describe('A /44 to /60 block. Example: `ipv6Cidr: 2001:db8:1::/56`'),
    internetGateway: z.boolean().optional().describe('Default false. Example: `internetGateway: true`'),
    egressOnlyInternetGateway: z
      .boolean()
      .optional()
      .describe('For IPv6. Default false. Example: `egressOnlyInternetGateway: true`'),
    subnets: z
      .record(nameText, subnetSchema)
      .optional()
      .describe('By name. Example: `{ public: { cidr: 10.0.1.0/24 } }`'),
  })
  .describe('Example: `{ cidr: 10.0.0.0/16, internetGateway: true, subnets: { a: { cidr: 10.0.1.0/24 } } }`');

const entrySchema = z.strictObject({
  cidr: cidrText.describe('Example: `cidr: 10.1.0.0/16`'),
  description: z.string().optional().describe('Example: `description: The Vienna office`'),
});

export const prefixListSchema = z
  .strictObject({
    id: idSchema('pl-0123456789abcdef0'),
    family: z.enum(['ipv4', 'ipv6']).optional().describe('Default: that of the first entry. Example: `family: ipv6`'),
    maxEntries: z
      .int()
      .optional()
      .describe(
        'What a rule with this list counts against the quota. Default 10, or the number of entries if larger. Example: `maxEntries: 5`',
      ),
    entries: oneOrMany(z.union([cidrText, entrySchema])).describe(
      'CIDR blocks of one family; `{ cidr, description }` describes one. Example: `entries: [10.1.0.0/16, 10.2.0.0/16]`',
    ),
  })
  .describe('Example: `{ maxEntries: 5, entries: [198.51.100.0/24] }`');

export const securityGroupSchema = z
  .strictObject({
    id: idSchema('sg-0123456789abcdef0'),
    name: z
      .string()
      .optional()
      .describe('Default: the key; for groups of one name in several VPCs. Example: `name: web`'),
    vpc: z.string().optional().describe('Not needed if there is only one VPC. Example: `vpc: shop`'),
    associatedVpcs: oneOrMany(z.string())
      .optional()
      .describe('Other VPCs whose interfaces can have the group. Example: `associatedVpcs: [data]`'),
    description: z.string().optional().describe('Default: the name. Example: `description: Web servers`'),
    ingress: oneOrMany(ruleSchema)
      .optional()
      .describe(
        'Left out: nothing may come in. Example: `ingress: [{ protocol: tcp, ports: 22, from: 198.51.100.10/32 }]`',
      ),
    egress: oneOrMany(ruleSchema)
      .optional()
      .describe('Left out: AWS’s default, everything may go out; `[]`: nothing may. Example: `egress: []`'),
  })
  .describe('One whose name is `default` replaces the rules of the VPC’s default group. Example: `{ ingress: [] }`');

const placement = {
  ...placementShape,
  secondaryIps: oneOrMany(ipv4Text)
    .optional()
    .describe('More private IPv4 addresses. Example: `secondaryIps: [10.0.1.11]`'),
  ipv6Addresses: oneOrMany(addressText)
    .optional()
    .describe('Default: the first free one if the subnet has IPv6. Example: `ipv6Addresses: [2001:db8:1::10]`'),
  sourceDestCheck: z
    .boolean()
    .optional()
    .describe('false lets it forward other machines’ packets. Default true. Example: `sourceDestCheck: false`'),
  connectionTracking: connectionTrackingSchema.optional(),
};

const interfaceSchema = z
  .strictObject({ id: idSchema('eni-0123456789abcdef0'), subnet: z.string().describe(SUBNET), ...placement })
  .describe('A network interface. Example: `{ subnet: private, securityGroups: [db] }`');

export const instanceSchema = z
  .strictObject({
    id: idSchema('i-0123456789abcdef0'),
    subnet: z.string().optional().describe(SUBNET),
    ...placement,
    interfaces: z
      .array(interfaceSchema)
      .optional()
      .describe(
        'Instead of the keys above, for several interfaces. Example: `interfaces: [{ subnet: public }, { subnet: private }]`',
      ),
    kind: z
      .enum(INSTANCE_KINDS)
      .optional()
      .describe(
        'ec2; rds: a managed database; lambda: the interface of functions, to which nothing connects. Default ec2. Example: `kind: lambda`',
      ),
    nitro: z
      .enum(['v6'])
      .optional()
      .describe(
        'Its instance type is Nitro v6, which times out idle TCP connections after 350 s. Example: `nitro: v6`',
      ),
    connectionAllowance: z
      .int()
      .min(1)
      .optional()
      .describe('How many connections it can track at most. Default: no limit. Example: `connectionAllowance: 4`'),
    listen: listenSchema.optional(),
    count: countSchema('count: 20'),
  })
  .describe('Example: `{ subnet: public, securityGroups: [web], publicIp: true, listen: [tcp/443] }`');

export const externalHostSchema = z
  .union([
    addressText,
    z.strictObject({
      addresses: oneOrMany(addressText).describe(
        'One per family. Example: `addresses: [198.51.100.10, "2001:db8:ffff::10"]`',
      ),
      listen: listenSchema.optional(),
      count: countSchema('{ count: 5, addresses: "203.0.113.{n}" }'),
    }),
  ])
  .describe('Its address, or its addresses and servers. Example: `198.51.100.10`');

export const quotasSchema = z
  .strictObject({
    rulesPerGroup: z
      .int()
      .min(1)
      .optional()
      .describe('Per direction and address family. Default 60. Example: `rulesPerGroup: 100`'),
    groupsPerInterface: z.int().min(1).optional().describe('At most 16. Default 5. Example: `groupsPerInterface: 10`'),
  })
  .describe('Their product may be 1000 at most. Example: `{ rulesPerGroup: 100, groupsPerInterface: 10 }`');

export type PrefixListDefinition = z.infer<typeof prefixListSchema>;
export type SubnetDefinition = z.infer<typeof subnetSchema>;
export type VpcDefinition = z.infer<typeof vpcSchema>;
export type SecurityGroupDefinition = z.infer<typeof securityGroupSchema>;
export type InstanceDefinition = z.infer<typeof instanceSchema>;
export type InterfaceDefinition = z.infer<typeof interfaceSchema>;
