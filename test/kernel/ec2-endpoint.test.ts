/** Where a lab's EC2 API is, who can reach it, and that it stays there. */
import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { kill, MAIN, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const FIRST = 'http://127.0.0.1:4580';
const SECOND = 'http://127.0.0.1:4581';

let host: TestHost;
let file: string;
let before: HostState;
beforeAll(async () => {
  ({ host, file, before } = await startQuietHost());
});
afterEach(async () => {
  await host.sglab(['down', '--all']);
  await until('every process ends', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
});
afterAll(() => host?.stop());

interface Up {
  readonly endpoint: string;
  readonly lab: string;
  readonly already: boolean;
}

const up = (...options: string[]) => host.json<Up>(['up', file, ...options]);

/** As a client that knows nothing but the environment. @returns the answer's text */
function askAsClient(lab: string, action: string, change = ''): Promise<string> {
  const ask = `eval "$($0 $1 env $2)"; ${change}
    exec curl -sS --aws-sigv4 "aws:amz:$AWS_REGION:ec2" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
      --data Action=${action} --data Version=2016-11-15 "$AWS_ENDPOINT_URL_EC2"`;
  return host.run('sh', ['-euc', ask, process.execPath, MAIN, lab]);
}

/** Holds a port until the returned function is called. */
async function occupy(port: number): Promise<() => Promise<unknown>> {
  const serve = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`;
  const server = host.start(process.execPath, ['-e', serve]);
  await new Promise((resolve) => server.process.stdout?.once('data', resolve));
  return () => {
    server.process.kill('SIGKILL');
    return server.result;
  };
}

it('is told by up, status and env, and a client needs no more', async () => {
  expect(await up()).toMatchObject({ endpoint: FIRST, already: false });
  expect(await up()).toMatchObject({ endpoint: FIRST, already: true });
  expect(await host.json(['status'])).toMatchObject({ endpoint: FIRST });
  expect((await host.sglab(['status'])).stdout).toContain(FIRST);
  expect(await host.json(['env'])).toMatchObject({ endpoint: FIRST, region: 'us-east-1' });
  expect(await askAsClient('small', 'DescribeAvailabilityZones')).toContain('<zoneName>us-east-1a</zoneName>');
  expect(await host.run('ss', ['-Hltn'])).toMatch(/^LISTEN\s+\d+\s+\d+\s+127\.0\.0\.1:4580\s/);
});

it('names what a file defined, and follows what the commands change', async () => {
  await up();
  expect(await askAsClient('small', 'DescribeTags')).toContain('<key>Name</key>');
  await host.json(['authorize', 'web', 'tcp/4444', 'from', '0.0.0.0/0']);
  expect(await askAsClient('small', 'DescribeSecurityGroupRules')).toContain('<toPort>4444</toPort>');
});

it('answers who has the lab’s secret, which a lab keeps and another one has not', async () => {
  await up();
  const secret = `${host.runDirectory}/small/endpoint.secret`;
  expect(fs.statSync(secret).mode & 0o777).toBe(0o600);
  const before = fs.readFileSync(secret, 'utf8');
  expect(await askAsClient('small', 'DescribeRegions', 'AWS_SECRET_ACCESS_KEY=guessed')).toContain(
    '<Code>AuthFailure</Code><Message>AWS was not able to validate the provided access credentials</Message>',
  );
  expect(await host.run('curl', ['-sS', '-d', 'Action=DescribeRegions', FIRST])).toContain('MissingAuthentication');
  const pid = host.controller();
  kill(pid, 'SIGKILL');
  await until('the controller is gone', () => !host.processes().includes(pid));
  await up();
  expect(fs.readFileSync(secret, 'utf8')).toBe(before);
  await up('--lab', 'other');
  expect(fs.readFileSync(`${host.runDirectory}/other/endpoint.secret`, 'utf8')).not.toBe(before);
});

it('answers everybody with --no-auth', async () => {
  await up('--no-auth');
  expect(fs.existsSync(`${host.runDirectory}/small/endpoint.secret`)).toBe(false);
  expect(await askAsClient('small', 'DescribeRegions', 'AWS_SECRET_ACCESS_KEY=guessed')).toContain('<regionName>');
  await host.sglab(['down', '--all']);
  await up();
  expect(await host.sglab(['up', file, '--no-auth'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is up already, and its EC2 API asks for credentials\nhint:  leave out --no-auth'),
  });
});

it('is for root alone on the control socket', async () => {
  await up();
  expect(fs.statSync(`${host.runDirectory}/small/control.sock`).mode & 0o777).toBe(0o600);
});

describe('the port', () => {
  it('stays when a killed controller’s lab is taken over', async () => {
    await up('--port', '4999');
    const pid = host.controller();
    kill(pid, 'SIGKILL');
    await until('the controller is gone', () => !host.processes().includes(pid));
    expect(await up()).toMatchObject({ endpoint: 'http://127.0.0.1:4999', already: false });
  });

  it('is the next one where somebody has it, for each of several labs', async () => {
    const free = await occupy(4580);
    expect(await up()).toMatchObject({ endpoint: SECOND });
    expect(await up('--lab', 'other')).toMatchObject({ endpoint: 'http://127.0.0.1:4582' });
    await free();
  });

  it('is the wanted one, or there is no lab', async () => {
    const free = await occupy(4999);
    const { code, stderr } = await host.sglab(['up', file, '--port', '4999']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('port 4999 is in use on 127.0.0.1') });
    expect(host.namespaces()).toEqual([]);
    await free();
    await up();
    const moved = await host.sglab(['up', file, '--port', '4999']);
    expect(moved).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`is up already, its EC2 API is at ${FIRST}`),
    });
  });

  it.each(['0', '65536', '1e3'])('cannot be %j', async (port) => {
    const { code, stderr } = await host.sglab(['up', file, '--port', port]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('a port is a number from 1 to 65535'),
    });
  });
});

describe('serve', () => {
  it('keeps a Region with a default VPC up, under the Region’s name', async () => {
    const serve = ['serve', '--region', 'eu-central-1'];
    expect(await host.json(serve)).toMatchObject({ lab: 'eu-central-1', region: 'eu-central-1', machines: 1 });
    expect(await host.json(serve)).toMatchObject({ already: true });
    expect(await askAsClient('eu-central-1', 'DescribeRegions')).toContain('<regionName>eu-central-1</regionName>');
    expect(host.namespaces()).toContain('sglab-eu-central-1-default.vpc');
    const other = await host.sglab(['serve', '--lab', 'eu-central-1', '--region', 'us-west-2']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('in use by') });
  });

  it('is taken over as it became when its controller was killed', async () => {
    await host.json(['serve', '--lab', 'cloud']);
    await host.json(['change', '--lab', 'cloud', 'launch: { name: web, subnet: default-a, publicIp: true }']);
    const ask = (from: string, to: string) => host.json(['probe', '--lab', 'cloud', from, to, 'tcp/443']);
    expect(await ask('web', 'stranger')).toMatchObject({ outcome: 'connected' });
    expect(await ask('stranger', 'web')).toMatchObject({ outcome: 'timed-out', stage: 'sg-ingress' });
    const pid = host.controller();
    kill(pid, 'SIGKILL');
    await until('the controller is gone', () => !host.processes().includes(pid));
    const other = await host.sglab(['serve', '--lab', 'cloud', '--region', 'us-west-2']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('sglab down cloud') });
    expect(await host.json(['serve', '--lab', 'cloud'])).toMatchObject({
      machines: 2,
      already: false,
      endpoint: FIRST,
    });
  });

  it('refuses what is no Region', async () => {
    const { code, stderr } = await host.sglab(['serve', '--region', 'Frankfurt']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('a Region is written like') });
  });
});
