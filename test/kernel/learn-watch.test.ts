/** `sglab learn watch`: graded anew after each change, by whatever door it came, until Ctrl-C. */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Relay } from './support/relay.js';
import { TestHost } from './support/test-host.js';

let host: TestHost;
let relay: Relay | undefined;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(async () => {
  await relay?.stop();
  await host?.stop();
});

const env = () => ({ SGLAB_STATE_DIR: path.join(host.directory, 'state') });
const sglab = (...args: string[]) => host.sglab(args, { env: env() });

interface Line {
  readonly status: string;
  readonly after: readonly { readonly caller: string; readonly action: string }[];
  readonly turned: { readonly green: readonly string[]; readonly red: readonly string[] };
}

it('tells what each change turned, and ends by Ctrl-C', async () => {
  await sglab('learn', 'start', '5');
  const watch = host.startSglab(['learn', 'watch', '--json'], { env: env(), input: null });
  const lines = createInterface({ input: watch.process.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? 'null') as Line;
  expect(await next()).toMatchObject({ status: 'failed', after: [], turned: { green: [], red: [] } });

  await sglab('authorize', 'db', 'tcp/3306', 'from', 'web');
  expect(await next()).toMatchObject({
    status: 'failed',
    after: [{ caller: 'sglab', action: 'authorize db: tcp/3306 from web' }],
    turned: { green: ['The web server reaches the database'], red: [] },
  });
  await sglab('revoke', 'db', 'tcp/3306', 'from', '10.0.1.17/32');
  expect(await next()).toMatchObject({ status: 'passed' });

  const { endpoint } = await host.json<{ endpoint: string }>(['status', 'learn']);
  const { variables } = await host.json<{ variables: Record<string, string> }>(['env', 'learn']);
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_REGION } = variables;
  relay = await Relay.start(host, Number(new URL(endpoint).port));
  const ec2 = new EC2Client({
    endpoint,
    region: AWS_REGION ?? 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: { httpAgent: relay.agent },
  });
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const GroupId = SecurityGroups.find(({ GroupName }) => GroupName === 'db')?.GroupId;
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  ec2.destroy();
  expect(await next()).toMatchObject({
    status: 'failed',
    after: [{ caller: accessKeyId, action: 'AuthorizeSecurityGroupIngress' }],
    turned: { green: [], red: ['Nobody else reaches the database'] },
  });

  // A lab that is built anew is graded from its own beginning, and nothing has turned in it.
  await sglab('learn', 'reset');
  expect(await next()).toMatchObject({ status: 'failed', after: [], turned: { green: [], red: [] } });
  watch.process.kill('SIGINT');
  expect((await watch.result).code).toBe(0);
  const { lessons } = await host.json<{ lessons: { lesson: string; checks: number }[] }>(['learn']);
  expect(lessons.length).toBeGreaterThan(10);
});
