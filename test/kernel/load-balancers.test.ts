import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTool } from '../../src/kernel/find-tool.js';
import { kill, MAIN, TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const LAB = {
  name: 'balanced',
  vpcs: { v: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { s: { cidr: '10.0.1.0/24', public: true } } } },
  securityGroups: {
    alb: { ingress: { protocol: 'tcp', ports: [80, 81], from: '0.0.0.0/0' } },
    web: { ingress: { protocol: 'tcp', ports: 8080, from: 'alb' } },
  },
  loadBalancers: {
    front: {
      type: 'application',
      subnet: 's',
      securityGroups: 'alb',
      publicIp: '198.51.100.80',
      listeners: [
        { port: 80, targets: ['a', 'b'], targetPort: 8080 },
        { port: 81, targets: 'b', targetPort: 8080 },
      ],
    },
  },
  instances: {
    a: { subnet: 's', securityGroups: 'web', listen: ['tcp/8080'] },
    b: { subnet: 's', securityGroups: 'web', listen: ['tcp/8080'] },
  },
  internet: { client: '203.0.113.7' },
};

const PROXY = /^haproxy\0/;
const ASK = ['curl', '-s', '-m', '5', 'http://198.51.100.80/', 'http://198.51.100.80/', 'http://198.51.100.80:81/'];

let host: TestHost;
let file: string;

beforeEach(async () => {
  host = await TestHost.start();
  file = host.write('balanced.yaml', LAB);
});

afterEach(() => host.stop());

describe('an application load balancer', () => {
  it('is a proxy that serves clients from its targets in turn, and ends with the lab', async () => {
    expect(await host.sglab(['up', file])).toMatchObject({ code: 0 });
    const { stdout } = await host.sglab(['exec', 'client', '--', ...ASK]);
    const answers = stdout.trim().split('\n');
    expect(answers.slice(0, 2).sort()).toEqual(['this is a', 'this is b']);
    expect(answers[2]).toBe('this is b');
    expect(await host.sglab(['down'])).toMatchObject({ code: 0 });
    expect(host.processes(PROXY)).toEqual([]);
  });

  it('is tried in matrices with the ports that it listens on, and stands in status with them', async () => {
    await host.sglab(['up', file]);
    const { cells } = await host.json<{ cells: Record<string, string>[] }>(['matrix']);
    const of = (to: string, question: string) => cells.find((each) => each.to === to && each.question === question);
    expect(of('front', 'tcp/80')).toMatchObject({ outcome: 'connected' });
    expect(of('front', 'tcp/81')).toMatchObject({ outcome: 'connected' });
    expect((await host.sglab(['status'])).stdout).toMatch(/front .*tcp\/80 tcp\/81/);
    await host.sglab(['down']);
    // A public balancer that nobody lists is no longer overlooked.
    const listed = host.write('listed.yaml', { ...LAB, steps: [{ matrix: { from: 'client', to: 'front' } }] });
    const { code, stdout } = await host.sglab(['run', listed]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/✗ {2}client -> front tcp\/80 +connected/),
    });
  });

  it('goes on when its controller is killed: up takes it over, down ends it', async () => {
    await host.sglab(['up', file]);
    const before = host.processes(PROXY);
    const controller = host.controller();
    kill(controller, 'SIGKILL');
    await until('the controller is gone', () => !host.processes().includes(controller));
    expect(host.processes(PROXY)).toEqual(before);
    expect(await host.sglab(['up', file])).toMatchObject({ code: 0, stderr: '' });
    expect(host.processes(PROXY)).toEqual(before);
    kill(host.controller(), 'SIGKILL');
    expect(await host.sglab(['down', LAB.name])).toMatchObject({ code: 0 });
    expect(host.processes(PROXY)).toEqual([]);
    expect(host.namespaces()).toEqual([]);
  });

  it('names the package before anything is built where HAProxy is missing', async () => {
    const bin = fs.mkdtempSync(path.join(host.directory, 'bin-'));
    for (const tool of ['nft', 'ip', 'conntrack', 'perl', 'sh', 'unshare'])
      fs.symlinkSync(findTool(tool) ?? '', path.join(bin, tool));
    const { code, stderr } = await host.start('env', [`PATH=${bin}`, process.execPath, MAIN, 'run', file]).result;
    expect(code).toBe(3);
    expect(stderr).toContain('front needs the command haproxy');
    expect(stderr).toContain('apt install haproxy');
    expect(host.namespaces()).toEqual([]);
  });
});

describe('a network load balancer', () => {
  it('takes its targets in turn, and lets each see the client, who notices nothing', async () => {
    const definition = {
      ...LAB,
      name: 'passed-on',
      loadBalancers: {
        edge: {
          type: 'network',
          subnet: 's',
          publicIp: '198.51.100.80',
          listeners: [{ port: 80, targets: ['a', 'b'], targetPort: 8080 }],
        },
      },
      securityGroups: {
        ...LAB.securityGroups,
        web: { ingress: { protocol: 'tcp', ports: 8080, from: '203.0.113.7/32' } },
      },
    };
    expect(await host.sglab(['up', host.write('passed-on.yaml', definition)])).toMatchObject({ code: 0 });
    const { stdout } = await host.sglab(['exec', 'client', '--', ...ASK.slice(0, -1)]);
    expect(stdout.trim().split('\n').sort()).toEqual(['this is a', 'this is b']);
    // Without a group the balancer itself lets everybody in; the next target, which is a, does not let b in.
    const { stdout: own } = await host.sglab(['probe', 'b', 'edge', 'tcp/80', '--json']);
    expect(JSON.parse(own)).toMatchObject({ outcome: 'timed-out', stage: 'sg-ingress' });
  });
});
