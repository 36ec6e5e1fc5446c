/** What `sglab export --format aws` writes builds, run against a lab's EC2 API, a lab in which packets fare as in the first. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { call } from '../../src/controller/client.js';
import { AWS_ALIAS, hasAws } from './support/aws-cli.js';
import { ServedLab } from './support/served-lab.js';

const everything = { action: 'allow', protocol: 'all' };
const SHOP = {
  name: 'original',
  vpcs: {
    shop: {
      cidr: '10.0.0.0/16',
      internetGateway: true,
      subnets: {
        front: { cidr: '10.0.1.0/24', public: true },
        back: { cidr: '10.0.2.0/24', routeTable: 'private', networkAcl: 'strict' },
      },
    },
    data: { cidr: '10.1.0.0/16', subnets: { only: { cidr: '10.1.1.0/24', routeTable: 'to-shop' } } },
  },
  peerings: { link: { between: ['shop', 'data'] } },
  prefixLists: { partners: { maxEntries: 4, entries: ['10.1.1.0/28'] } },
  natGateways: { 'nat-1': { subnet: 'front' } },
  endpoints: { buckets: { type: 'gateway', vpc: 'shop', prefixList: 's3', routeTables: 'private' } },
  networkAcls: {
    strict: {
      vpc: 'shop',
      inbound: [
        { rule: 90, action: 'deny', protocol: 'tcp', ports: 81, from: '0.0.0.0/0' },
        { rule: 100, ...everything, from: '0.0.0.0/0' },
      ],
      outbound: [{ rule: 100, ...everything, to: '0.0.0.0/0' }],
    },
  },
  routeTables: {
    private: {
      vpc: 'shop',
      routes: [
        { to: '0.0.0.0/0', via: 'nat-1' },
        { to: '10.1.0.0/16', via: 'link' },
      ],
    },
    'to-shop': { vpc: 'data', routes: [{ to: '10.0.0.0/16', via: 'link' }] },
  },
  securityGroups: {
    web: { vpc: 'shop', ingress: [{ protocol: 'tcp', ports: '80-443', from: '0.0.0.0/0' }] },
    app: {
      vpc: 'shop',
      ingress: [
        { protocol: 'tcp', ports: '80-90', from: 'web' },
        { protocol: 'tcp', ports: 22, from: 'partners' },
      ],
    },
    db: {
      vpc: 'data',
      ingress: [{ protocol: 'tcp', ports: 3306, from: 'shop/app' }],
      egress: [{ protocol: 'tcp', ports: 22, to: '10.0.0.0/16' }],
    },
  },
  instances: {
    'web-1': { subnet: 'front', securityGroups: 'web', publicIp: true },
    'app-1': { subnet: 'back', securityGroups: 'app' },
    'db-1': { subnet: 'only', securityGroups: 'db', privateIp: '10.1.1.7' },
  },
};
const MACHINES = Object.keys(SHOP.instances);
const PROBES = MACHINES.flatMap((from) =>
  MACHINES.filter((to) => to !== from).flatMap((to) =>
    [22, 80, 81, 3306].map((port) => `${from} -> ${to} tcp/${port}`),
  ),
);

describe.skipIf(!hasAws)(`an exported script${hasAws ? '' : ' (there is no aws CLI)'}`, () => {
  let copy: ServedLab;
  beforeAll(async () => {
    copy = await ServedLab.up('copy');
    const { host } = copy;
    await host.sglab(['up', host.write('shop.yaml', SHOP)]);
    const script = path.join(host.directory, 'shop.sh');
    await host.sglab(['export', 'original', '--format', 'aws', '-o', script]);
    const image = { IMAGE_ID: 'ami-0123456789abcdef0' };
    const { code, stderr } = await copy.client('bash', ['-euc', `${AWS_ALIAS}. ${script}`], image);
    if (code !== 0) throw new Error(`the script ended with ${code}: ${stderr}`);
  });
  afterAll(() => copy?.stop());

  it('builds a lab in which every packet fares as in the original', async () => {
    const outcomes = async (lab: string) => {
      const found: string[] = [];
      for (const words of PROBES) {
        const { outcome } = await call(lab, 'probe', { probe: parseProbe(words) });
        found.push(`${words}: ${outcome}`);
      }
      return found;
    };
    const original = await outcomes('original');
    expect(await outcomes('copy')).toEqual(original);
    expect(original).toContain('app-1 -> db-1 tcp/3306: refused');
    expect(original).toContain('web-1 -> db-1 tcp/3306: timed-out');
  });
});
