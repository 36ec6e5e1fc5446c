/** What `sglab explain` proposes is the least that works, and in a lesson it is not said before somebody asks. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explanationDocument } from '../../src/cli/report/explain-document.js';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { call } from '../../src/controller/client.js';
import { RunningLab } from './support/running-lab.js';

type Document = ReturnType<typeof explanationDocument> & { readonly withheld: boolean };

/** Both targets have the group `shared`, and one has a group of its own: a rule there is a detour. */
const LAB = {
  name: 'smallest',
  vpcs: {
    shop: {
      cidr: '10.0.0.0/16',
      internetGateway: true,
      subnets: { front: { cidr: '10.0.1.0/24', public: true }, back: { cidr: '10.0.2.0/24', public: true } },
    },
  },
  securityGroups: { own: {}, shared: {} },
  loadBalancers: {
    site: {
      type: 'network',
      subnet: 'front',
      publicIp: true,
      listeners: [{ port: 443, targets: ['one', 'two'], targetPort: 8443 }],
    },
  },
  instances: {
    one: { subnet: 'back', securityGroups: ['own', 'shared'], listen: 'tcp/8443' },
    two: { subnet: 'back', securityGroups: 'shared', listen: 'tcp/8443' },
  },
  internet: { customer: '203.0.113.7' },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(LAB);
});
afterAll(() => lab?.stop());

const commandsOf = ({ toPass }: Pick<Document, 'toPass'>) => (toPass?.changes ?? []).map(({ command }) => command);

describe('of several changes', () => {
  it('those are left out that the others make needless, whichever target a balancer chose', async () => {
    for (let turn = 0; turn < 4; turn++) {
      const document = explanationDocument(
        await call(lab.name, 'explain', { probe: parseProbe('customer -> site tcp/443') }),
        null,
      );
      expect(document.agreement.verdict).toBe('agree');
      expect(commandsOf(document)).toEqual(['sudo sglab authorize shared tcp/8443 from 203.0.113.7/32']);
    }
    await lab.authorize('shared', 'tcp/8443 from 203.0.113.7/32');
    for (let turn = 0; turn < 4; turn++) {
      expect(await lab.probe('customer -> site tcp/443')).toMatchObject({ outcome: 'connected' });
    }
  });
});

describe('in a lesson', () => {
  const env = () => ({ SGLAB_STATE_DIR: path.join(lab.host.directory, 'state') });
  const sglab = (...args: string[]) => lab.host.sglab(args, { env: env() });
  const PROBE = ['explain', 'app-1', 'db-1', 'tcp/5432', '--lab', 'learn'];

  beforeAll(async () => {
    expect(await sglab('learn', 'start', '13')).toMatchObject({ code: 0 });
  });
  afterAll(() => sglab('down', 'learn'));

  it('it says why, and not what to do', async () => {
    const { stdout } = await sglab(...PROBE);
    expect(stdout).toContain('sg-egress');
    expect(stdout).toContain('`sudo sglab learn hint` helps a little');
    expect(stdout).not.toMatch(/To make it pass|sudo sglab (change|authorize)/);
    const document = JSON.parse((await sglab(...PROBE, '--json')).stdout) as Document;
    expect(document).toMatchObject({ withheld: true, toPass: null, toStop: [], kernel: { outcome: 'timed-out' } });
  });

  it('it proposes, when asked, nothing that the story rules out', async () => {
    const { stdout } = await sglab(...PROBE, '--fix');
    expect(stdout).toContain('To make it pass');
    const document = JSON.parse((await sglab(...PROBE, '--fix', '--json')).stdout) as Document;
    expect(document.withheld).toBe(false);
    expect(commandsOf(document)).toEqual([
      expect.stringMatching(/change 'peering: \{ name: shop-data, status: active \}'/),
      expect.stringMatching(/change 'routes: \{ table: to-shop, add: \{ to: 10\.0\.1\.\d+\/32, via: shop-data \} \}'/),
    ]);
  });
});

it('outside lessons it says both at once', async () => {
  await lab.revoke('shared', 'tcp/8443 from 203.0.113.7/32');
  const { stdout } = await lab.host.sglab(['explain', 'customer', 'site', 'tcp/443', '--lab', 'smallest']);
  expect(stdout).toContain('To make it pass');
  expect(stdout).not.toContain('learn hint');
});
