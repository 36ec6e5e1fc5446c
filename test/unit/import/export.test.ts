import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { interfaceName } from '../../../src/cloud/lookup.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { awsCommands } from '../../../src/export/aws/aws-commands.js';
import { cloudDefinition } from '../../../src/export/cloud-definition.js';
import { definitionYaml } from '../../../src/import/definition-yaml.js';
import { loadImport, loadScenario } from '../../../src/import/load.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';

/** What depends on the order in which things are made, and nothing else. */
const SERIAL_KEYS = new Set(['serial', 'index', 'number', 'macAddress', 'version']);

/** The cloud with names instead of ids: two that are equal up to ids have the same text. */
function canonical(cloud: Cloud): unknown {
  const vpcName = (id: string) => cloud.vpcs[id]?.name ?? id;
  const labels = new Map<string, string>();
  for (const { id, name } of Object.values(cloud.vpcs)) labels.set(id, `vpc ${name}`);
  for (const { id, name, vpcId } of Object.values(cloud.subnets)) labels.set(id, `subnet ${vpcName(vpcId)}/${name}`);
  for (const { id, name, vpcId } of Object.values(cloud.routeTables)) labels.set(id, `table ${vpcName(vpcId)}/${name}`);
  for (const { id, name, vpcId } of Object.values(cloud.networkAcls)) labels.set(id, `acl ${vpcName(vpcId)}/${name}`);
  for (const { id, name } of Object.values(cloud.peerings)) labels.set(id, `peering ${name}`);
  for (const { id, name } of Object.values(cloud.transitGateways)) labels.set(id, `tgw ${name}`);
  for (const { id, name } of Object.values(cloud.prefixLists)) labels.set(id, `list ${name}`);
  for (const { id, name } of Object.values(cloud.instances)) labels.set(id, `instance ${name}`);
  for (const { id } of Object.values(cloud.networkInterfaces)) labels.set(id, `interface ${interfaceName(cloud, id)}`);
  for (const { id, name, vpcId, rules } of Object.values(cloud.securityGroups)) {
    labels.set(id, `group ${vpcName(vpcId)}/${name}`);
    for (const rule of rules) labels.set(rule.id, 'rule');
  }
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return labels.get(value) ?? value;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const isEntry = 'action' in value;
    const entries = Object.entries(value).filter(([key]) => isEntry || !SERIAL_KEYS.has(key));
    return Object.fromEntries(entries.map(([key, each]) => [labels.get(key) ?? key, walk(each)] as const).sort());
  };
  // Rules of both directions stand in one list, whose order means nothing.
  const sorted = (groups: Cloud['securityGroups']) =>
    Object.fromEntries(
      Object.entries(groups).map(([id, group]) => [
        id,
        {
          ...group,
          rules: [...group.rules]
            .map(walk)
            .map((rule) => JSON.stringify(rule))
            .sort(),
        },
      ]),
    );
  return walk({ ...cloud, securityGroups: sorted(cloud.securityGroups) });
}

function exported(cloud: Cloud): Cloud {
  const { definition, notExported } = cloudDefinition(cloud);
  expect(notExported).toEqual([]);
  return parseScenario(definitionYaml(definition), 'exported.yaml').cloud;
}

const SCENARIOS = fs.readdirSync('scenarios').filter((file) => file.endsWith('.yaml'));

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-exported-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function withoutNames(key: string, value: unknown): unknown {
  return ['Tags', 'TagSet', 'PrefixListName'].includes(key) ? undefined : value;
}

const FIXTURES = 'test/fixtures/exchange';
const SOURCES = [
  ['a Terraform plan', `${FIXTURES}/terraform/plan.json`],
  ['a CloudFormation template', `${FIXTURES}/cloudformation/shop.yaml`],
  ['what aws describes', ...fs.readdirSync(`${FIXTURES}/aws`).map((file) => `${FIXTURES}/aws/${file}`)],
  ['security groups alone', `${FIXTURES}/aws/security-groups.json`],
];

describe('a scenario file that is exported', () => {
  it.each(SOURCES)('of %s, after its import, builds the same cloud, up to ids', async (_, ...files) => {
    const { scenario } = await loadImport(files);
    expect(Object.keys(scenario.cloud.instances).length).toBeGreaterThan(0);
    expect(canonical(exported(scenario.cloud))).toEqual(canonical(scenario.cloud));
  });

  it.each(SCENARIOS)('of %s builds the same cloud, up to ids', async (file) => {
    const { cloud } = await loadScenario(path.join('scenarios', file));
    const { notExported } = cloudDefinition(cloud);
    if (notExported.length > 0) expect(notExported[0]).toMatch(/: the export has no words for/);
    else expect(canonical(exported(cloud))).toEqual(canonical(cloud));
  });

  it('of what has no names but ids, after its import, builds the same cloud', async () => {
    const answers = fs
      .readdirSync(`${FIXTURES}/aws`)
      .map((file) => JSON.parse(fs.readFileSync(`${FIXTURES}/aws/${file}`, 'utf8'), withoutNames));
    const other = { VpcId: 'vpc-22222222222222222', CidrBlock: '10.9.0.0/16' };
    const [main] = answers.flatMap(({ Vpcs = [] }) => Vpcs);
    const peering = {
      VpcPeeringConnectionId: 'pcx-11111111111111111',
      RequesterVpcInfo: { VpcId: other.VpcId },
      AccepterVpcInfo: { VpcId: main.VpcId },
    };
    const file = path.join(directory, 'untagged.json');
    fs.writeFileSync(file, JSON.stringify([...answers, { Vpcs: [other], VpcPeeringConnections: [peering] }]));
    const { cloud } = await loadScenario(file);
    expect(canonical(exported(cloud))).toEqual(canonical(cloud));
  });

  it('lists what does not run', async () => {
    const { cloud } = await loadScenario('scenarios/route-tables.yaml');
    const [instance] = Object.values(cloud.instances);
    const stopped = { ...cloud, stoppedInstances: { 'i-1': { ...instance, name: 'sleeper' } } } as Cloud;
    const sentence = 'sleeper: an instance that does not run';
    expect(cloudDefinition(stopped).notExported).toContain(sentence);
    expect(awsCommands(stopped).notExported).toContain(sentence);
  });

  const port = fc.constantFrom(0, 22, 80, 443, 8080, 65_535);
  const ports = fc.tuple(port, port).map(([a, b]) => `"${Math.min(a, b)}-${Math.max(a, b)}"`);
  const traffic = fc.oneof(
    fc.tuple(fc.constantFrom('tcp', 'udp'), ports).map(([protocol, range]) => `protocol: ${protocol}, ports: ${range}`),
    fc
      .tuple(fc.constantFrom('icmp', 'icmpv6'), fc.constantFrom('', ', type: 8', ', type: 3, code: 4'))
      .map((each) => `protocol: ${each.join('')}`),
    fc.constantFrom('protocol: all', 'protocol: 50', 'protocol: 132'),
  );
  const peer = fc.constantFrom('0.0.0.0/0', '10.0.1.0/24', '"::/0"', 'list', 'web', 'default', '192.0.2.7/32', 'b/web');
  const description = fc.constantFrom(
    '',
    ', description: "Rule: one, two #3"',
    ', description: "22"',
    ', description: "no"',
  );
  const rules = (side: string) =>
    fc
      .uniqueArray(fc.tuple(traffic, peer, description), { maxLength: 6, selector: ([what, who]) => `${what} ${who}` })
      .map((all) => `[${all.map(([what, who, text]) => `{ ${what}, ${side}: ${who}${text} }`).join(', ')}]`);
  const group = fc
    .tuple(rules('from'), rules('to'))
    .map(([ingress, egress]) => `ingress: ${ingress}, egress: ${egress}`);
  const file = fc
    .record({
      web: group,
      other: group,
      usual: group,
      isPublic: fc.boolean(),
      ip: fc.constantFrom('true', '198.51.100.9'),
      check: fc.boolean(),
      route: fc.constantFrom('fw.eth1', 'internetGateway', 'link'),
      action: fc.constantFrom('allow', 'deny'),
      status: fc.constantFrom('active', 'deleted'),
    })
    .map(
      ({ web, other, usual, isPublic, ip, check, route, action, status }) => `
name: random
quotas: { rulesPerGroup: 100 }
vpcs:
  a:
    cidr: [10.0.0.0/16, 10.7.0.0/16]
    ipv6Cidr: 2001:db8:1::/56
    internetGateway: true
    subnets:
      one: { cidr: 10.0.1.0/24, ipv6Cidr: "2001:db8:1:1::/64"${isPublic ? ', public: true' : ', routeTable: extra'} }
      two: { cidr: 10.7.2.0/24, networkAcl: strict }
  b: { cidr: 10.1.0.0/16, internetGateway: true, subnets: { one: { cidr: 10.1.1.0/24 } } }
peerings: { link: { between: [a, b], status: ${status} } }
prefixLists: { list: { maxEntries: 4, entries: [192.0.2.0/24, { cidr: 203.0.113.0/24, description: Acme }] } }
routeTables:
  extra: { vpc: a, routes: [{ to: 172.16.0.0/12, via: ${route} }, { to: list, via: internetGateway }] }
  a-main: { name: main, vpc: a, routes: [{ to: 10.1.0.0/16, via: link }] }
networkAcls:
  strict: { vpc: a, inbound: [{ rule: 90, action: ${action}, protocol: tcp, ports: 22, from: 0.0.0.0/0 }], outbound: [] }
  b-default: { name: default, vpc: b, inbound: [{ rule: 7, action: ${action}, protocol: icmp, type: 8, from: 10.0.0.0/8 }] }
securityGroups:
  web: { vpc: a, description: Web servers, ${web} }
  b-web: { vpc: b, name: web, ingress: [] }
  other: { vpc: a, ${other} }
  a-default: { vpc: a, name: default, ${usual} }
instances:
  w: { subnet: a/one, securityGroups: [web, other], publicIp: ${ip}, sourceDestCheck: ${check}, listen: [tcp/80, 47] }
  fw: { interfaces: [{ subnet: a/one }, { subnet: a/two, securityGroups: other, secondaryIps: [10.7.2.99] }] }
  fn: { kind: lambda, subnet: b/one, securityGroups: [web], connectionTracking: { udpTimeout: 60 } }
internet: { office: { addresses: [198.51.100.10, "2001:db8:ffff::1"], listen: [udp/53] } }
`,
    );

  it('builds the same cloud, whatever the cloud', () => {
    fc.assert(
      fc.property(file, (text) => {
        const { cloud } = parseScenario(text, 'random.yaml');
        expect(canonical(exported(cloud))).toEqual(canonical(cloud));
      }),
      { numRuns: 100 },
    );
  });
});
