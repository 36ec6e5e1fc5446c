/** `sglab import` and `export`: packets obey what was imported, and docs/import-export.md shows what the commands print. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, TestHost } from './support/test-host.js';

const ROOT = path.resolve('.');
const FIXTURES = path.join(ROOT, 'test/fixtures/exchange');
const PLAN = path.join(FIXTURES, 'terraform/plan.json');
const DOCUMENT = 'docs/import-export.md';

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

interface Probe {
  readonly outcome: string;
  readonly stage: string | null;
}

/** Imports the files, keeps the lab up for as long as the probes take, and says `FROM TO WHAT -> OUTCOME STAGE` of each. */
async function probed(name: string, files: readonly string[], probes: readonly string[]): Promise<string[]> {
  const scenario = path.join(host.directory, `${name}.yaml`);
  const { code, stderr } = await host.sglab(['import', ...files, '--name', name, '-o', scenario]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('error') });
  await host.json(['up', scenario]);
  const results: string[] = [];
  for (const words of probes) {
    const [from = '', to = '', what = ''] = words.split(' ');
    const { stdout } = await host.sglab(['probe', from, to, what, '--json']);
    const { outcome, stage }: Probe = JSON.parse(stdout);
    results.push(`${words} -> ${outcome}${stage === null ? '' : ` ${stage}`}`);
  }
  await host.json(['down', name]);
  return results;
}

const asked = (expected: readonly string[]) => expected.map((line) => line.replace(/ ->.*/, ''));

describe('packets obey', () => {
  it('a Terraform plan', async () => {
    const expected = [
      'outside web-1 tcp/443 -> connected',
      'outside web-1 tcp/22 -> timed-out sg-ingress',
      'outside web-1 tcp/23 -> timed-out nacl-inbound',
      'web-1 db tcp/3306 -> connected',
      'db web-1 tcp/443 -> connected',
      'db web-1 tcp/8443 -> timed-out sg-egress',
      'outside db tcp/3306 -> timed-out sg-ingress',
    ];
    expect(await probed('of-plan', [PLAN], asked(expected))).toEqual(expected);
  });

  it('the answers of aws ec2 describe-…', async () => {
    const files = fs.readdirSync(path.join(FIXTURES, 'aws')).map((file) => path.join(FIXTURES, 'aws', file));
    const expected = [
      'outside web-1 tcp/443 -> connected',
      'outside web-1 tcp/22 -> connected',
      'outside web-1 tcp/3306 -> timed-out sg-ingress',
      'web-1 db-1 tcp/3306 -> connected',
      'web-1 db-1 tcp/22 -> timed-out sg-ingress',
      'db-1 web-1 tcp/443 -> timed-out sg-egress',
    ];
    expect(await probed('of-aws', files, asked(expected))).toEqual(expected);
  });

  it('a CloudFormation template', async () => {
    const expected = [
      'outside web tcp/443 -> connected',
      'outside web tcp/22 -> timed-out sg-ingress',
      'web database tcp/3306 -> connected',
      'web database icmp -> timed-out sg-ingress',
      'database web tcp/443 -> timed-out sg-egress',
    ];
    const template = path.join(FIXTURES, 'cloudformation/shop.yaml');
    expect(await probed('of-template', [template], asked(expected))).toEqual(expected);
  });
});

describe('sglab import', () => {
  it('--strict fails when anything is left out, writes nothing, and passes when nothing is', async () => {
    const output = path.join(host.directory, 'strict.yaml');
    const { code, stderr } = await host.sglab(['import', PLAN, '--strict', '-o', output]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/error: 2 parts .*aws_wafv2_web_acl/) });
    expect(fs.existsSync(output)).toBe(false);
    const vpc = { VpcId: 'vpc-11111111', CidrBlock: '10.0.0.0/16' };
    const attribute = await host.sglab([
      'import',
      host.write('a.json', { Vpcs: [{ ...vpc, Novelty: 1 }] }),
      '--strict',
    ]);
    expect(attribute).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('vpc-11111111.Novelty') });
    expect(await host.sglab(['import', host.write('b.json', { Vpcs: [vpc] }), '--strict'])).toMatchObject({ code: 0 });
  });

  it('--json lists each place, where people see a few and how many more', async () => {
    const subnets = Array.from({ length: 9 }, (_, number) => ({
      SubnetId: `subnet-1111111${number}`,
      VpcId: 'vpc-11111111',
      CidrBlock: `10.0.${number}.0/24`,
      EnableDns64: true,
    }));
    const file = host.write('many.json', {
      Vpcs: [{ VpcId: 'vpc-11111111', CidrBlock: '10.0.0.0/16' }],
      Subnets: subnets,
    });
    const { stderr, stdout } = await host.sglab(['import', file, '--json']);
    expect(JSON.parse(stdout).unsupported).toHaveLength(9);
    expect(JSON.parse(stdout).unsupported[8]).toEqual({
      file,
      line: 1,
      column: expect.any(Number),
      resource: 'subnet-11111118.EnableDns64',
      attribute: 'EnableDns64',
      reason: 'sglab does not build this attribute',
    });
    expect(stderr.match(/not supported: .*/g)).toHaveLength(4);
    expect(stderr).toContain('not supported: … 6 more have EnableDns64; `sglab import --json` lists each');
  });

  it('says why a file cannot be written', async () => {
    const { code, stderr } = await host.sglab(['import', PLAN, '-o', '/nowhere/x.yaml']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('error: "/nowhere/x.yaml" cannot be written: there is no such directory'),
    });
  });
});

/** Runs each `$ …` line of a block as a reader would, in the checkout's place; the block with what really comes out. */
async function replayed(block: string, directory: string, tools: string): Promise<string> {
  const lines: string[] = [];
  for (const command of block.match(/^\$ .*/gm) ?? []) {
    const line = command.replace(/^\$ (sudo )?/, '');
    const env = { PATH: `${tools}:${process.env.PATH}`, LC_ALL: 'C' };
    const script = `cd '${directory}' && { ${line}\n} 2>&1`;
    const { stdout } = await host.start('bash', ['-c', script], { env }).result;
    lines.push(
      command,
      ...stdout
        .trimEnd()
        .split('\n')
        .filter((text, at, all) => text !== '' || all.length > 1 || at > 0)
        .filter((text) => !text.startsWith('EC2 API:')), // at the port that is free
    );
  }
  return lines.join('\n');
}

it('the document shows what the commands print', async () => {
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const directory = fs.mkdtempSync(path.join(host.directory, 'reader-'));
  for (const part of ['test', 'scenarios']) fs.symlinkSync(path.join(ROOT, part), path.join(directory, part));
  const tools = host.writeTool('sglab', `exec '${process.execPath}' '${MAIN}' "$@"`);
  let rewritten = text;
  for (const [indented] of text.matchAll(/(?:^ {4}.*\n|^\n(?= {4}))+/gm)) {
    const block = indented.replace(/^\n+/, '').replace(/^ {4}/gm, '').trimEnd();
    if (!block.startsWith('$ ')) continue;
    const real = await replayed(block, directory, tools);
    if (masked(block) === masked(real)) continue;
    rewritten = rewritten.replace(block.replace(/^(?=.)/gm, '    '), () => real.replace(/^(?=.)/gm, '    '));
  }
  await expect(rewritten).toMatchFileSnapshot(path.resolve(DOCUMENT));
  expect(host.namespaces()).toEqual([]);
});

function masked(text: string): string {
  return text
    .replace(/[\d.]+ m?s\b/g, '… ms')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '');
}
