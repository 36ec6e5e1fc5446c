import type { RuleDefinition } from '../changes/schema-parts.js';

interface Traffic {
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

type TrafficDefinition = Pick<RuleDefinition, 'protocol' | 'ports' | 'type' | 'code'>;

const NAMES: Readonly<Record<string, string>> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** Protocol and ports as a definition file writes them: `{ protocol: tcp, ports: 443 }`, `{ protocol: icmp, type: 8 }`. */
export function trafficDefinition({ protocol, fromPort, toPort }: Traffic): TrafficDefinition {
  const name = NAMES[protocol] ?? protocol.toLowerCase();
  if (name === 'tcp' || name === 'udp') return { protocol: name, ...portsPart(fromPort, toPort) };
  if (name === 'icmp' || name === 'icmpv6') {
    return {
      protocol: name,
      ...(fromPort === null || fromPort === -1 ? {} : { type: fromPort }),
      ...(toPort === null || toPort === -1 ? {} : { code: toPort }),
    };
  }
  return { protocol: /^\d+$/.test(name) ? Number(name) : name };
}

/** TCP or UDP without ports is left to the checks that follow: AWS refuses it too. */
function portsPart(fromPort: number | null, toPort: number | null): Pick<RuleDefinition, 'ports'> {
  if (fromPort === null || toPort === null) return {};
  if (fromPort === 0 && toPort === 65_535) return { ports: 'all' };
  return { ports: fromPort === toPort && fromPort >= 0 ? fromPort : `${fromPort}-${toPort}` };
}
