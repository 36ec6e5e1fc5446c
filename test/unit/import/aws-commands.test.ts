import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsCommands } from '../../../src/export/aws/aws-commands.js';
import { loadScenario } from '../../../src/import/load.js';
import { run } from '../../../src/kernel/process.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';

const NASTY = `
name: nasty
vpcs: { v: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 } } } }
securityGroups:
  "we$(touch x)b; & {}": { description: "a $HOME !", ingress: [{ protocol: all, from: "we$(touch x)b; & {}", description: "it's" }] }
instances: { w: { subnet: a } }
`.replace("it's", 'its $(id)');

async function syntaxErrors(script: string): Promise<string> {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-export-')), 'script');
  try {
    fs.writeFileSync(file, script);
    const { stderr } = await run('bash', ['-n', file]);
    return String(stderr);
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true });
  }
}

describe('the aws commands of a cloud', () => {
  it('make a script that a shell reads, with each id in a variable', async () => {
    const { cloud } = await loadScenario('scenarios/securecart-web.yaml');
    const { script, notExported } = awsCommands(cloud);
    expect(await syntaxErrors(script)).toBe('');
    expect(script).toContain(`GROUP_2=$(aws ec2 create-security-group --group-name 'web'`);
    expect(script).toContain(`"GroupId":"'"$GROUP_2"'"`);
    expect(script).not.toMatch(/\b(sg|vpc|subnet|eni|i)-[0-9a-f]{17}\b/);
    expect(notExported).toContain('office: a machine on the internet');
  });

  it('let no name of the lab be read as syntax', async () => {
    const { script } = awsCommands(parseScenario(NASTY, 'x.yaml').cloud);
    expect(await syntaxErrors(script)).toBe('');
    expect(script).toContain(`--group-name 'we$(touch x)b; & {}'`);
  });
});
