/** Steps that run and end machines, and programs inside them. */
import { z } from 'zod';
import { listenSchema, stepName as name } from './schema-parts.js';
import { placement, SUBNET } from './schema-topology.js';

const machine = z.string().describe('An instance or external host. Example: `on: web-1`');

const within = z.string().optional().describe('ms, s or m. Default 30s to start, 10s to run. Example: `within: 30s`');

const run = z
  .union([z.string(), z.array(z.string())])
  .describe('A program with its arguments, or a line for /bin/sh. Example: `run: [curl, -s, "http://10.0.1.4/"]`');

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

const servers = z.strictObject({ on: machine, ports: listenSchema });

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

export const MACHINE_STEPS = {
  launch,
  terminate,
  listen: z.strictObject({
    name,
    listen: servers.describe('Starts built-in servers. Example: `listen: { on: web-1, ports: [tcp/80] }`'),
  }),
  close: z.strictObject({
    name,
    close: servers.describe('Stops built-in servers. Example: `close: { on: web-1, ports: [tcp/80] }`'),
  }),
  start,
  exec,
} as const;
