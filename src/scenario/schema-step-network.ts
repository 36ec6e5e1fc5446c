/** Steps that change interfaces, subnets and the ways between networks. */
import { z } from 'zod';
import { PEERING_STATUSES } from '../cloud/gateways/types.js';
import { entriesShape } from './schema-network-acls.js';
import { stepName as name, oneOrMany } from './schema-parts.js';
import { routeSchema } from './schema-routes.js';
import { connectionTrackingSchema } from './schema-topology.js';

const sourceDestCheck = z.strictObject({
  name,
  sourceDestCheck: z
    .strictObject({
      instance: z.string().describe('An instance or one of its interfaces. Example: `instance: fw-1.eth1`'),
      enabled: z.boolean().describe('false lets it forward packets of others. Example: `enabled: false`'),
    })
    .describe(
      'Switches the source/destination check of an interface. Example: `sourceDestCheck: { instance: fw-1, enabled: false }`',
    ),
});

const subnet = z.strictObject({
  name,
  subnet: z
    .strictObject({
      name: z.string().describe('The subnet’s name. Example: `name: public`'),
      routeTable: z.string().optional().describe('`main`: the VPC’s main one. Example: `routeTable: dmz`'),
      networkAcl: z.string().optional().describe('`default`: the VPC’s default one. Example: `networkAcl: strict`'),
    })
    .describe('Associates a subnet with something else. Example: `subnet: { name: public, routeTable: dmz }`'),
});

const numbers = oneOrMany(z.int()).optional();

const networkAcl = z.strictObject({
  name,
  networkAcl: z
    .strictObject({
      name: z.string().describe('The network ACL’s name. Example: `name: strict`'),
      ...entriesShape,
      remove: z
        .strictObject({
          inbound: numbers.describe('Numbers of entries. Example: `inbound: 90`'),
          outbound: numbers.describe('Numbers of entries. Example: `outbound: [90, 100]`'),
        })
        .optional()
        .describe('What goes, goes first. Example: `remove: { inbound: 90 }`'),
    })
    .describe(
      'Sets entries, replacing those of the same number, and removes others, all or none. Example: `networkAcl: { name: strict, remove: { inbound: 90 } }`',
    ),
});

const routes = z.strictObject({
  name,
  routes: z
    .strictObject({
      table: z.string().describe('The route table’s name. Example: `table: dmz`'),
      add: oneOrMany(routeSchema).optional().describe('Routes. Example: `add: { to: 10.0.2.0/24, via: fw-1 }`'),
      remove: oneOrMany(z.string()).optional().describe('Destinations. Example: `remove: 10.0.2.0/24`'),
    })
    .describe(
      'Changes routes, all or none; what goes, goes first. Example: `routes: { table: dmz, remove: 10.0.2.0/24, add: { to: 10.0.2.0/24, via: fw-2 } }`',
    ),
});

const peering = z.strictObject({
  name,
  peering: z
    .strictObject({
      name: z.string().describe('The peering’s name. Example: `name: shop-data`'),
      status: z.enum(PEERING_STATUSES).describe('Example: `status: deleted`'),
    })
    .describe(
      'Accepts, ends or, where it has ended, requests a peering anew. Example: `peering: { name: shop-data, status: deleted }`',
    ),
});

const connectionTracking = z.strictObject({
  name,
  connectionTracking: connectionTrackingSchema
    .extend({ instance: z.string().describe('An instance or one of its interfaces. Example: `instance: web-1.eth1`') })
    .describe(
      'Changes idle time-outs; what is left out stays. Example: `connectionTracking: { instance: web-1, udpTimeout: 60 }`',
    ),
});

export const NETWORK_STEPS = { sourceDestCheck, subnet, networkAcl, routes, peering, connectionTracking } as const;
