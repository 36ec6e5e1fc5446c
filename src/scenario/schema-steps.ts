import { z } from 'zod';
import { PEERING_STATUSES } from '../cloud/types.js';
import { LEGS, OUTCOMES, STAGES } from '../observe/types.js';
import { entriesShape } from './schema-network-acls.js';
import { listenSchema, modificationSchema, stepName as name, oneOrMany, ruleSchema } from './schema-parts.js';
import { routeSchema } from './schema-routes.js';
import { connectionTrackingSchema, placement, SUBNET } from './schema-topology.js';
import { endSchema, flowSchema, openSchema, packetSchema } from './schema-traffic.js';

const group = z.string().describe('A security group’s name. Example: `group: web`');
const machine = z.string().describe('An instance or external host. Example: `on: web-1`');
const within = z.string().optional().describe('ms, s or m. Default 30s to start, 10s to run. Example: `within: 30s`');
const run = z
  .union([z.string(), z.array(z.string())])
  .describe('A program with its arguments, or a line for /bin/sh. Example: `run: [curl, -s, "http://10.0.1.4/"]`');
const rules = {
  ingress: oneOrMany(ruleSchema)
    .optional()
    .describe('A rule or several. Example: `ingress: { protocol: tcp, ports: 22, from: web }`'),
  egress: oneOrMany(ruleSchema)
    .optional()
    .describe('A rule or several. Example: `egress: { protocol: all, to: 0.0.0.0/0 }`'),
};

const probe = z.strictObject({
  name,
  probe: z
    .string()
    .describe(
      'FROM -> TO WHAT; WHAT is tcp/PORT, udp/PORT, icmp, icmp/TYPE/CODE, icmpv6 or a protocol number. Example: `probe: office -> web-1 tcp/22`',
    ),
  expect: z.enum(OUTCOMES).exclude(['unknown']).describe('What the client feels. Example: `expect: timed-out`'),
  at: z.enum(STAGES).optional().describe('Where it stops. Example: `at: sg-ingress`'),
  leg: z.enum(LEGS).optional().describe('On which way it stops. Example: `leg: request`'),
  rule: z
    .string()
    .optional()
    .describe('Id or description of the rule that decides. Example: `rule: HTTPS from anywhere`'),
  family: z
    .enum(['ipv4', 'ipv6'])
    .optional()
    .describe('Default: what both ends have, IPv4 first. Example: `family: ipv6`'),
});

const authorize = z.strictObject({
  name,
  authorize: z
    .strictObject({ group, ...rules })
    .describe(
      'Adds rules, all or none. Example: `authorize: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }`',
    ),
});

const revoke = z.strictObject({
  name,
  revoke: z
    .strictObject({
      group,
      ...rules,
      rule: oneOrMany(z.string())
        .optional()
        .describe('Ids or descriptions of rules. Example: `rule: HTTPS from anywhere`'),
    })
    .describe(
      'Removes rules, all or none. Example: `revoke: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }`',
    ),
});

const modify = z.strictObject({
  name,
  modify: z
    .strictObject({
      group,
      rule: z.string().describe('Id or description of one rule. Example: `rule: SSH from the office`'),
      to: modificationSchema,
    })
    .describe(
      'Changes what a rule says; it keeps its id. Example: `modify: { group: web, rule: SSH, to: { from: 10.0.0.9/32 } }`',
    ),
});

const membership = z
  .strictObject({
    instance: z.string().describe('An instance or one of its interfaces. Example: `instance: web-1.eth1`'),
    group,
  })
  .describe('Changes the groups of an interface. Example: `attach: { instance: web-1, group: admin }`');

const prefixList = z.strictObject({
  name,
  prefixList: z
    .strictObject({
      name: z.string().describe('The prefix list’s name. Example: `name: partners`'),
      add: oneOrMany(z.string()).optional().describe('Blocks. Example: `add: 10.2.0.0/16`'),
      remove: oneOrMany(z.string()).optional().describe('Blocks. Example: `remove: 10.1.0.0/16`'),
    })
    .describe('Changes the entries of a prefix list. Example: `prefixList: { name: partners, add: 10.2.0.0/16 }`'),
});

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

const launch = z.strictObject({
  name,
  launch: z
    .strictObject({
      name: z.string().describe('The new instance’s name. Example: `name: web-2`'),
      subnet: z.string().describe(SUBNET),
      securityGroups: placement.securityGroups,
      privateIp: placement.privateIp,
      publicIp: placement.publicIp,
      listen: listenSchema.optional(),
    })
    .describe(
      'Runs a new instance; it is reachable when the step is over. Example: `launch: { name: web-2, subnet: public, securityGroups: web, listen: tcp/443 }`',
    ),
});

const terminate = z.strictObject({
  name,
  terminate: z
    .string()
    .describe('Ends an instance, with its interfaces and all that runs in it. Example: `terminate: web-2`'),
});

const servers = z
  .strictObject({ on: machine, ports: listenSchema })
  .describe('Starts or stops built-in servers. Example: `listen: { on: web-1, ports: [tcp/80] }`');

const start = z.strictObject({
  name,
  start: z
    .strictObject({
      on: machine,
      run,
      ready: z.union([z.string(), z.int()]).optional().describe('Wait until this accepts. Example: `ready: tcp/5432`'),
      within,
    })
    .describe(
      'Starts a server process. Example: `start: { on: db-1, run: "python3 -m http.server 80", ready: tcp/80 }`',
    ),
});

const exec = z.strictObject({
  name,
  exec: z
    .strictObject({
      on: machine,
      run,
      expect: z.enum(['ok', 'fail']).optional().describe('ok: exit code 0. Default ok. Example: `expect: fail`'),
      output: z.string().optional().describe('What the output must contain. Example: `output: "200 OK"`'),
      within,
    })
    .describe(
      'Runs a command to its end. Example: `exec: { on: app-1, run: "curl -s http://10.0.1.4/", output: hello }`',
    ),
});

const advance = z.strictObject({
  name,
  advance: z
    .string()
    .describe(
      'So much silence passes, at once, for every tracked connection: whole seconds, s, m, h or d. Example: `advance: 50s`',
    ),
});

const wait = z.strictObject({
  name,
  wait: z
    .string()
    .describe(
      'Real time; for what `advance` cannot move, such as a program’s own clock. ms, s or m. Example: `wait: 35s`',
    ),
});

/** One schema per verb; a step has exactly one verb. */
export const STEP_SCHEMAS = {
  probe,
  open: openSchema,
  flow: flowSchema,
  end: endSchema,
  packet: packetSchema,
  authorize,
  revoke,
  modify,
  attach: z.strictObject({ name, attach: membership }),
  detach: z.strictObject({ name, detach: membership }),
  prefixList,
  sourceDestCheck,
  subnet,
  networkAcl,
  routes,
  peering,
  connectionTracking,
  launch,
  terminate,
  listen: z.strictObject({ name, listen: servers }),
  close: z.strictObject({ name, close: servers }),
  start,
  exec,
  advance,
  wait,
} as const;

export const stepSchema = z
  .union(Object.values(STEP_SCHEMAS))
  .describe('Example: `{ probe: office -> web-1 tcp/22, expect: connected }`');

export type StepDefinition = z.infer<typeof stepSchema>;
