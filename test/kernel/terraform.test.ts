/** Terraform against the endpoint: what a configuration says is what packets meet, and a second plan finds nothing to do. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/cloud/types.js';
import { ServedLab } from './support/served-lab.js';

const CONFIGURATION = fileURLToPath(new URL('terraform', import.meta.url));
/** Where the provider is: a mirror of the registry, so that no test needs the internet. */
const MIRROR = process.env.SGLAB_TERRAFORM_MIRROR ?? '/opt/tf-plugins';
const missing = [
  ...(spawnSync('terraform', ['version'], { env: { ...process.env, CHECKPOINT_DISABLE: '1' } }).status === 0
    ? []
    : ['terraform']),
  ...(fs.existsSync(path.join(MIRROR, 'registry.terraform.io/hashicorp/aws'))
    ? []
    : [`hashicorp/aws in ${MIRROR} (SGLAB_TERRAFORM_MIRROR)`]),
];
const WHY = missing.length === 0 ? '' : ` (there is no ${missing.join(' and no ')})`;

const LAB = {
  name: 'terraform',
  vpcs: { other: { cidr: '10.99.0.0/16' } },
  internet: { office: '203.0.113.5', world: '198.51.100.7' },
};

/** What is left when all is destroyed: EC2, too, tells of a terminated instance and its tags for a while. */
const remaining = ({ serial: _, terminatedInstances, tags, ...rest }: Cloud) => ({
  ...rest,
  tags: Object.fromEntries(Object.entries(tags).filter(([id]) => !Object.hasOwn(terminatedInstances, id))),
});

describe.skipIf(missing.length > 0)(`terraform${WHY}`, () => {
  let lab: ServedLab;
  let before: Cloud;
  let namespaces: string;
  let directory: string;

  const terraform = async (...args: readonly string[]) => {
    const config = path.join(directory, 'terraform.rc');
    const env = { TF_CLI_CONFIG_FILE: config, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' };
    const done = await lab.client('terraform', [`-chdir=${directory}`, ...args], env);
    if (done.code !== 0 && done.code !== 2) throw new Error(`terraform ${args[0]}: ${done.stderr}${done.stdout}`);
    return done;
  };
  const apply = async (...variables: readonly string[]) => {
    const { stdout } = await terraform('apply', '-auto-approve', '-input=false', '-no-color', ...variables);
    return /Apply complete! (.*)/.exec(stdout)?.[1];
  };
  const idsOf = async (addresses: readonly string[]): Promise<Record<string, string>> => {
    const { values } = JSON.parse((await terraform('show', '-json')).stdout);
    const all: { address: string; values: { id: string } }[] = values.root_module.resources;
    return Object.fromEntries(
      all.filter(({ address }) => addresses.includes(address)).map(({ address, values: { id } }) => [address, id]),
    );
  };
  const outcomes = async (...probes: readonly string[]) => {
    const found: string[] = [];
    for (const words of probes) found.push(`${words}: ${await lab.probe(words)}`);
    return found;
  };

  beforeAll(async () => {
    lab = await ServedLab.ofFile(LAB);
    before = await lab.cloud();
    namespaces = await lab.host.run('ip', ['netns', 'list']);
    directory = path.join(lab.host.directory, 'configuration');
    fs.mkdirSync(directory);
    fs.copyFileSync(path.join(CONFIGURATION, 'shop.tf'), path.join(directory, 'shop.tf'));
    const mirror = `provider_installation {\n  filesystem_mirror {\n    path = "${MIRROR}"\n  }\n}\n`;
    fs.writeFileSync(path.join(directory, 'terraform.rc'), mirror);
    await terraform('init', '-input=false', '-no-color');
  });
  afterAll(() => lab?.stop());

  it('makes what the configuration says, and packets obey it', async () => {
    expect(await apply()).toBe('Resources: 26 added, 0 changed, 0 destroyed.');
    const expected = [
      'office -> web tcp/22: connected',
      'world -> web tcp/22: timed-out',
      'world -> web tcp/80: connected',
      'world -> web tcp/443: timed-out',
      'web -> db tcp/5432: connected',
      'web -> db tcp/5433: timed-out',
      'db -> world tcp/443: refused',
      'db -> world tcp/80: timed-out',
      'world -> db tcp/5432: timed-out',
    ];
    expect(await outcomes(...expected.map((line) => line.slice(0, line.indexOf(':'))))).toEqual(expected);
  });

  it('finds nothing to do in a second plan', async () => {
    const { code, stdout } = await terraform('plan', '-detailed-exitcode', '-input=false', '-no-color');
    expect(code, stdout).toBe(0);
  });

  it('takes over what is there already, and a changed rule is what packets meet', async () => {
    const imports = fs.readFileSync(path.join(CONFIGURATION, 'imports.tf'), 'utf8');
    const addresses = [...imports.matchAll(/to = (\S+)/g)].map(([, address = '']) => address);
    const ids = await idsOf(addresses);
    await terraform('state', 'rm', ...addresses);
    fs.writeFileSync(path.join(directory, 'imports.tf'), imports);
    const variables = [`-var=ids=${JSON.stringify(ids)}`, '-var=admin_port=2222'];
    expect(await apply(...variables)).toBe('Resources: 8 imported, 0 added, 1 changed, 0 destroyed.');
    expect(await outcomes('office -> web tcp/22', 'office -> web tcp/2222')).toEqual([
      'office -> web tcp/22: timed-out',
      'office -> web tcp/2222: connected',
    ]);
    fs.rmSync(path.join(directory, 'imports.tf'));
  });

  it('destroys everything that it made, and nothing else', async () => {
    await terraform('destroy', '-auto-approve', '-input=false', '-no-color');
    expect(remaining(await lab.cloud())).toEqual(remaining(before));
    expect(await lab.host.run('ip', ['netns', 'list'])).toBe(namespaces);
  });
});
