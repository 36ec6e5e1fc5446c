/** Machines that AWS runs for its customers: they have network interfaces, and so security groups. */
import { z } from 'zod';
import { listenSchema, oneOrMany } from '../changes/schema-parts.js';
import { ipv4Text } from '../changes/text-shapes.js';

const place = {
  subnet: z.string().describe('The subnet’s name; `vpc/subnet` if several VPCs have one. Example: `subnet: public`'),
  securityGroups: oneOrMany(z.string())
    .optional()
    .describe(
      'Names; left out: the VPC’s default group, and none at all for a network load balancer. Example: `securityGroups: [alb]`',
    ),
  privateIp: ipv4Text.optional().describe('Default: the first free one. Example: `privateIp: 10.0.1.10`'),
};

const publicIp = z
  .union([z.boolean(), ipv4Text])
  .optional()
  .describe('true for a free one, or a specific address. Example: `publicIp: true`');

const port = z.int().min(1).max(65535);

const listenerSchema = z
  .strictObject({
    port: port.describe('The port that clients connect to. Example: `port: 80`'),
    targets: oneOrMany(z.string()).describe(
      'Instances or interfaces, used in turn; `web-*` for all whose names begin so. Example: `targets: [web-1, web-2]`',
    ),
    targetPort: port.optional().describe('Default: `port`. Example: `targetPort: 8080`'),
  })
  .describe('Example: `{ port: 80, targets: [web-1, web-2], targetPort: 8080 }`');

export const loadBalancerSchema = z
  .strictObject({
    type: z
      .enum(['application', 'network'])
      .describe('application: an HTTP proxy; network: passes TCP on. Example: `type: application`'),
    ...place,
    publicIp,
    preserveClientIp: z
      .boolean()
      .optional()
      .describe(
        'For a network load balancer: targets see the client’s address instead of the balancer’s. Default true. Example: `preserveClientIp: false`',
      ),
    listeners: z.array(listenerSchema).describe('Example: `listeners: [{ port: 80, targets: [web-1] }]`'),
  })
  .describe('Example: `{ type: application, subnet: public, listeners: [{ port: 80, targets: [web-1] }] }`');

export const connectEndpointSchema = z
  .strictObject({
    ...place,
    preserveClientIp: z
      .boolean()
      .optional()
      .describe('Targets see the address of `client`. Default false. Example: `preserveClientIp: true`'),
    client: z
      .string()
      .optional()
      .describe('The client at the other end of the tunnel: a host of `internet`. Example: `client: office`'),
  })
  .describe('An EC2 Instance Connect Endpoint. Example: `{ subnet: private, securityGroups: [eice] }`');

const interfaceEndpointSchema = z
  .strictObject({
    type: z.literal('interface').describe('A service behind a network interface. Example: `type: interface`'),
    ...place,
    listen: listenSchema.optional(),
  })
  .describe('Example: `{ type: interface, subnet: private, securityGroups: [endpoint], listen: [tcp/443] }`');

const gatewayEndpointSchema = z
  .strictObject({
    type: z.literal('gateway').describe('A route to a service. Example: `type: gateway`'),
    vpc: z.string().optional().describe('Not needed if there is only one VPC. Example: `vpc: shop`'),
    prefixList: z.string().describe('AWS’s list of the service: s3 or dynamodb. Example: `prefixList: s3`'),
    routeTables: oneOrMany(z.string()).describe(
      'Route tables that get the route; `main` is the VPC’s main one. Example: `routeTables: [private]`',
    ),
  })
  .describe('Example: `{ type: gateway, prefixList: s3, routeTables: [main] }`');

export const endpointSchema = z
  .union([interfaceEndpointSchema, gatewayEndpointSchema])
  .describe('A VPC endpoint. Example: `{ type: gateway, prefixList: s3, routeTables: [main] }`');

export type EndpointDefinition = z.infer<typeof endpointSchema>;
export type LoadBalancerDefinition = z.infer<typeof loadBalancerSchema>;
export type ConnectEndpointDefinition = z.infer<typeof connectEndpointSchema>;
