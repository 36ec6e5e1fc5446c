import type { ForwardedPort } from '../../cloud/instances/types.js';
import { presentInterfaces } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';

/** HAProxy as an application load balancer: targets in turn, from the balancer's own address, who the client is in a header. */
export function proxyConfiguration(cloud: Cloud, ports: readonly ForwardedPort[]): string {
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
