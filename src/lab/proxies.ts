/** Application load balancers: an HAProxy in each one's machine. It ends with the lab, as all programs in it do. */
import fs from 'node:fs';
import path from 'node:path';
import type { ForwardedPort, Instance } from '../cloud/instances/types.js';
import { presentInterfaces } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import { findTool } from '../kernel/find-tool.js';
import { instanceNamespace } from '../kernel/lab-names.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import { makeScratchDirectory } from './machine.js';
import { isServed, startIn } from './programs.js';

const PROGRAM = 'haproxy';
const CONFIGURATION = 'haproxy.cfg';
const WITHIN_MS = 10_000;

/** Before anything is built. @throws SglabError (exit code 3) where a balancer is wanted and HAProxy is not installed */
export function requireProxy(cloud: Cloud): void {
  const [balancer] = proxiesOf(cloud);
  if (balancer === undefined || findTool(PROGRAM) !== null) return;
  throw new SglabError(
    'HostCannot',
    `the load balancer ${balancer.name} needs the command ${PROGRAM}, which is not installed`,
    {
      exitCode: EXIT.hostCannot,
      hint: `apt install ${PROGRAM}`,
    },
  );
}

/** Starts those that do not run: one of a lab that was taken over may have gone on. @throws SglabError with its last words */
export async function startProxies(cloud: Cloud, namespaces: OpenNamespaces): Promise<void> {
  await Promise.all(proxiesOf(cloud).map((balancer) => startProxy(cloud, balancer, namespaces)));
}

async function startProxy(cloud: Cloud, { name, forwarding }: Instance, namespaces: OpenNamespaces): Promise<void> {
  const machine = { kind: 'instance' as const, name, netns: namespaces.netns(instanceNamespace(cloud.name, name)) };
  const ports = forwarding?.ports ?? [];
  const [first] = ports;
  if (first === undefined) return;
  const ready = { protocol: 'tcp' as const, port: first.port };
  if (isServed(machine.netns, ready)) return;
  const file = path.join(makeScratchDirectory(cloud.name, name), CONFIGURATION);
  // A program inside may have put a link there.
  fs.rmSync(file, { recursive: true, force: true });
  fs.writeFileSync(file, proxyConfiguration(cloud, ports), { flag: 'wx' });
  await startIn(cloud, machine, { argv: [PROGRAM, '-db', '-f', CONFIGURATION], ready, withinMs: WITHIN_MS });
}

function proxiesOf(cloud: Cloud): Instance[] {
  return Object.values(cloud.instances).filter(({ kind }) => kind === 'application-load-balancer');
}

/** HAProxy as an application load balancer: targets in turn, from the balancer's own address, who the client is in a header. */
function proxyConfiguration(cloud: Cloud, ports: readonly ForwardedPort[]): string {
  const head = [
    'global',
    '  maxconn 1000',
    'defaults',
    '  mode http',
    '  timeout connect 3s',
    '  retries 0',
    '  timeout client 60s',
    '  timeout server 60s',
    '  option http-server-close',
    '  option forwardfor',
    '  balance roundrobin',
  ];
  return [...head, ...ports.flatMap((port) => section(cloud, port)), ''].join('\n');
}

function section(cloud: Cloud, { port, targetPort, targetIds }: ForwardedPort): string[] {
  const servers = presentInterfaces(cloud, targetIds).map(
    ({ privateIpAddresses }, at) => `  server target-${at + 1} ${privateIpAddresses[0]}:${targetPort}`,
  );
  return [`listen port-${port}`, `  bind :::${port} v4v6`, ...servers];
}
