import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { bareFile, expectOneProblem } from './files.js';

const GROUPS = 'securityGroups: { g: {} }\ninternet: { office: 198.51.100.10 }\n';
const WEB = `${GROUPS}instances: { web: { count: 2, subnet: a, securityGroups: g } }\n`;
const balancer = (rest: string) => bareFile(`${WEB}loadBalancers: { lb: { subnet: a, ${rest} } }\n`);
const listeners = (rest: string) => balancer(`type: network, listeners: [${rest}]`);

function machine(text: string, name: string) {
  const { cloud } = parseScenario(text, 'x.yaml');
  const instance = Object.values(cloud.instances).find((each) => each.name === name);
  return { instance, eni: cloud.networkInterfaces[instance?.interfaceIds[0] ?? ''] };
}

describe('machines that AWS runs', () => {
  it('are machines with a kind, an interface and groups', () => {
    const text =
      bareFile(`${GROUPS}endpoints: { ep: { type: interface, subnet: a, securityGroups: g, listen: tcp/443 } }
instances: { fn: { kind: lambda, subnet: a }, db: { kind: rds, subnet: a }, vm: { subnet: a } }`);
    expect(machine(text, 'ep')).toMatchObject({ instance: { kind: 'interface-endpoint', listen: [{ port: 443 }] } });
    expect(machine(text, 'ep').eni?.groupIds).toHaveLength(1);
    for (const [name, kind] of [
      ['fn', 'lambda'],
      ['db', 'rds'],
      ['vm', 'ec2'],
    ] as const)
      expect(machine(text, name).instance?.kind).toBe(kind);
  });

  it('pass on what their listeners say', () => {
    const text = listeners('{ port: 80, targets: [web-1, web-2], targetPort: 8080 }, { port: 22, targets: web-2 }');
    const { instance, eni } = machine(text, 'lb');
    expect(instance?.forwarding).toMatchObject({
      preserveClientIp: true,
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 22, targetPort: 22 },
      ],
    });
    expect(instance?.forwarding?.ports.map(({ targetIds }) => targetIds.length)).toEqual([2, 1]);
    expect(eni?.sourceDestCheck).toBe(false);
  });

  it('check addresses unless they send with those of others, and may be without a group only as network balancers', () => {
    const application = machine(balancer('type: application, listeners: [{ port: 80, targets: web-1 }]'), 'lb');
    expect(application.eni).toMatchObject({ sourceDestCheck: true, groupIds: [expect.stringMatching(/^sg-/)] });
    expect(machine(listeners('{ port: 80, targets: web-1 }'), 'lb').eni?.groupIds).toEqual([]);
    expectOneProblem(
      bareFile(`${GROUPS}connectEndpoints: { e: { subnet: a, securityGroups: §[] } }`),
      /would be left without a security group/,
    );
  });

  it.each([
    [listeners('{ port: 80, targets: [web-1, §web-3] }'), /there is no machine web-3/],
    [
      balancer('type: network, listeners: §[{ port: 80, targets: web-1 }, { port: 80, targets: web-2 }]'),
      /already exists on port 80/,
    ],
    [balancer('type: network, listeners: §[{ port: 80, targets: [] }]'), /has no target/],
    [balancer('type: §classic, listeners: []'), /application/],
    [balancer('type: application, §preserveClientIp: true, listeners: []'), /its own address/],
    [bareFile(`${GROUPS}connectEndpoints: { e: { subnet: a, §preserveClientIp: true } }`), /whose address/],
    [bareFile(`${GROUPS}connectEndpoints: { e: { subnet: a, client: §offce } }`), /no host offce/],
    [
      bareFile(`${GROUPS}instances: { web: { subnet: a } }\nendpoints: { §web: { type: interface, subnet: a } }`),
      /is taken/,
    ],
    [bareFile(`${GROUPS}endpoints: { e: { type: interface, subnet: §b } }`), /no subnet/],
  ])('say what is wrong, and where', (text, message) => {
    expectOneProblem(text, message);
  });
});
