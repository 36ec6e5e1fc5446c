/** The lab of a soak: each client has machines and groups of its own, so it knows what its packets must meet. */

export const PORTS = [22, 80, 443] as const;

export interface Owner {
  readonly machines: readonly string[];
  readonly groups: readonly string[];
  /** Comes and goes: gateway, internet and router change with it. */
  readonly newcomer: { readonly name: string } & typeof PLACE;
}

const PLACE = { subnet: 'one', privateIp: null, publicIp: true, listen: [{ protocol: 'tcp', port: 80 }] } as const;

export function ownerOf(client: number): Owner {
  return {
    machines: ['a', 'b', 'c'].map((letter) => `m${client}-${letter}`),
    groups: ['x', 'y'].map((letter) => `g${client}-${letter}`),
    newcomer: { name: `m${client}-new`, ...PLACE },
  };
}

/** A scenario file as JSON, which is YAML, too. */
export function soakScenario(name: string, clients: number): string {
  const owners = Array.from({ length: clients }, (_, at) => ownerOf(at));
  const listen = [...PORTS.map((port) => `tcp/${port}`), 'udp/53'];
  return JSON.stringify({
    name,
    vpcs: {
      main: {
        cidr: '10.0.0.0/16',
        ipv6Cidr: '2001:db8:1::/56',
        internetGateway: true,
        subnets: {
          one: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1:1::/64', public: true },
          two: { cidr: '10.0.2.0/24', ipv6Cidr: '2001:db8:1:2::/64', public: true },
        },
      },
    },
    securityGroups: Object.fromEntries(owners.flatMap(({ groups }) => groups).map((group) => [group, {}])),
    instances: Object.fromEntries(
      owners.flatMap(({ machines, groups }) =>
        machines.map((machine, at) => [
          machine,
          { subnet: at === 1 ? 'two' : 'one', securityGroups: [groups[at % 2]], publicIp: true, listen },
        ]),
      ),
    ),
    internet: { office: { addresses: ['198.51.100.10', '2001:db8:ffff::10'], listen } },
  });
}
