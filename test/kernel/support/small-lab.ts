/** A lab of one instance with each kind of namespace: enough for everything that can go wrong, and quickly up. */
export const SMALL = {
  name: 'small',
  vpcs: {
    v: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { s: { cidr: '10.0.1.0/24', public: true } } },
    w: { cidr: '10.1.0.0/16' },
  },
  natGateways: { nat: { subnet: 's' } },
  peerings: { p: { between: ['v', 'w'] } },
  transitGateways: { t: { attachments: { v: {}, w: {} } } },
  endpoints: { e: { type: 'gateway', vpc: 'w', prefixList: 's3', routeTables: 'main' } },
  securityGroups: {
    web: {
      vpc: 'v',
      ingress: [{ protocol: 'tcp', ports: [80, 8080], from: '198.51.100.10/32', description: 'the office' }],
    },
  },
  instances: {
    web: { subnet: 's', securityGroups: 'web', publicIp: true, listen: ['tcp/80', 'tcp/22'] },
    app: { subnet: 's', securityGroups: 'web' },
  },
  internet: { office: '198.51.100.10' },
  steps: [
    { probe: 'office -> web tcp/80', expect: 'connected', rule: 'the office' },
    { probe: 'office -> web tcp/22', expect: 'timed-out', at: 'sg-ingress' },
    { revoke: { group: 'web', rule: 'the office' } },
    { probe: 'office -> web tcp/80', expect: 'timed-out', at: 'sg-ingress' },
    { authorize: { group: 'web', ingress: { protocol: 'tcp', ports: 22, from: '0.0.0.0/0' } } },
    { probe: 'app -> web tcp/22', expect: 'connected' },
  ],
} as const;
