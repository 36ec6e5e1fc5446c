import { z } from 'zod';
import { oneOrMany, portsSchema } from '../changes/schema-parts.js';
import { nameText } from '../changes/text-shapes.js';
import { connectEndpointSchema, endpointSchema, loadBalancerSchema } from './schema-managed.js';
import {
  natGatewaySchema,
  networkAclSchema,
  peeringSchema,
  routeTableSchema,
  transitGatewaySchema,
} from './schema-network.js';
import {
  externalHostSchema,
  instanceSchema,
  prefixListSchema,
  quotasSchema,
  securityGroupSchema,
  vpcSchema,
} from './schema-topology.js';
import { stepSchema } from './steps.js';

const assumptionSchema = z
  .strictObject({
    because: z.string().describe('One sentence. Example: `because: VPC shop is not described`'),
    about: oneOrMany(z.string())
      .optional()
      .describe(
        'Where in the file it stands; left out: the lab as a whole. Example: `about: [vpcs.shop.subnets.public, instances.web-1]`',
      ),
  })
  .describe('Example: `{ because: VPC shop is not described, about: [vpcs.shop] }`');

/** The shape of a definition file. What refers to what is checked when the cloud is built from it. */
export const scenarioSchema = z.strictObject({
  name: nameText.describe(
    'The lab’s name: lower-case letters, digits, hyphens; at most 40. Example: `name: securecart-web`',
  ),
  description: z.string().optional().describe('One or two sentences for reports. Example: `description: A web shop`'),
  quotas: quotasSchema.optional(),
  icmpErrors: z
    .enum(['rules', 'related'])
    .optional()
    .describe(
      'Whether ICMP errors are judged by the rules, or pass with the tracked flow that they are about. Default rules. Example: `icmpErrors: related`',
    ),
  include: oneOrMany(z.string())
    .optional()
    .describe(
      'Files whose sections, names and steps this one takes over; relative to it. Example: `include: ../common/network.yaml`',
    ),
  portSets: z
    .record(nameText, oneOrMany(portsSchema))
    .optional()
    .describe(
      'Names for ports, to be used wherever ports are written: `ports: web`, `tcp/web`. Example: `portSets: { web: [80, 443], app: 8080 }`',
    ),
  vpcs: z.record(nameText, vpcSchema).describe('By name. Example: `vpcs: { shop: { cidr: 10.0.0.0/16 } }`'),
  prefixLists: z
    .record(z.string(), prefixListSchema)
    .optional()
    .describe('By name. Example: `prefixLists: { partners: { entries: [198.51.100.0/24] } }`'),
  routeTables: z
    .record(z.string(), routeTableSchema)
    .optional()
    .describe('By name. Example: `routeTables: { dmz: { routes: [{ to: 0.0.0.0/0, via: internetGateway }] } }`'),
  natGateways: z
    .record(nameText, natGatewaySchema)
    .optional()
    .describe('By name. Example: `natGateways: { nat-1: { subnet: public } }`'),
  peerings: z
    .record(z.string(), peeringSchema)
    .optional()
    .describe('By name. Example: `peerings: { shop-data: { between: [shop, data] } }`'),
  transitGateways: z
    .record(z.string(), transitGatewaySchema)
    .optional()
    .describe('By name. Example: `transitGateways: { hub: { attachments: { shop: {}, data: {} } } }`'),
  networkAcls: z
    .record(z.string(), networkAclSchema)
    .optional()
    .describe(
      'By name. Example: `networkAcls: { strict: { inbound: { rule: 100, action: allow, protocol: all, from: 0.0.0.0/0 } } }`',
    ),
  securityGroups: z
    .record(z.string(), securityGroupSchema)
    .optional()
    .describe(
      'By name. Example: `securityGroups: { web: { ingress: [{ protocol: tcp, ports: 443, from: 0.0.0.0/0 }] } }`',
    ),
  instances: z
    .record(nameText, instanceSchema)
    .optional()
    .describe('By name. Example: `instances: { web-1: { subnet: public, securityGroups: [web], listen: [tcp/443] } }`'),
  loadBalancers: z
    .record(nameText, loadBalancerSchema)
    .optional()
    .describe(
      'By name. Example: `loadBalancers: { front: { type: application, subnet: public, listeners: [{ port: 80, targets: [web-1] }] } }`',
    ),
  connectEndpoints: z
    .record(nameText, connectEndpointSchema)
    .optional()
    .describe(
      'EC2 Instance Connect Endpoints, by name. Example: `connectEndpoints: { eice: { subnet: private, securityGroups: [eice] } }`',
    ),
  endpoints: z
    .record(z.string(), endpointSchema)
    .optional()
    .describe(
      'VPC endpoints, by name. Example: `endpoints: { secrets: { type: interface, subnet: private, listen: [tcp/443] } }`',
    ),
  internet: z
    .record(nameText, externalHostSchema)
    .optional()
    .describe('Machines outside every VPC, by name. Example: `internet: { office: 198.51.100.10 }`'),
  assumed: z
    .array(assumptionSchema)
    .optional()
    .describe(
      'What an import made up. No packet that it stops refutes a finding of `audit`. Example: `assumed: [{ because: VPC shop is not described, about: [vpcs.shop] }]`',
    ),
  steps: z
    .array(stepSchema)
    .optional()
    .describe('What to do, in order. Example: `steps: [{ probe: office -> web-1 tcp/22, expect: connected }]`'),
});

export type ScenarioDefinition = z.infer<typeof scenarioSchema>;
