/** A class hands in its work in every form that people have, and trainers get a table and a page. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClassGrades } from '../../src/lessons/submissions/grade-submissions.js';
import { TestHost } from './support/test-host.js';

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host?.stop());

const env = () => ({ SGLAB_STATE_DIR: path.join(host.directory, 'state'), SGLAB_RUN_DIR: host.runDirectory });
const learn = (...args: string[]) => host.sglab(['learn', ...args], { env: env() });

/** The ids of the lab's groups, which `aws` lines and plans name. */
async function groupIds(): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await host.sglab(['status', 'learn', '--json'], { env: env() });
  const { securityGroups } = JSON.parse(stdout).cloud as {
    securityGroups: Record<string, { id: string; name: string }>;
  };
  return Object.fromEntries(Object.values(securityGroups).map(({ id, name }) => [name, id]));
}

function planOf({ web }: Readonly<Record<string, string>>) {
  const ingress = { from_port: 3306, to_port: 3306, protocol: 'tcp', security_groups: [web], description: '' };
  const values = { name: 'db', description: 'MySQL', vpc_id: 'vpc-0123456789abcdef0', ingress: [ingress], egress: [] };
  const resource = {
    address: 'aws_security_group.db',
    mode: 'managed',
    type: 'aws_security_group',
    name: 'db',
    values,
  };
  return {
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: { root_module: { resources: [resource] } },
  };
}

describe('a class', () => {
  it('hands in five forms, each of which is graded', async () => {
    const folder = path.join(host.directory, 'handed-in');
    fs.mkdirSync(path.join(folder, 'Dora Klein'), { recursive: true });
    const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
    await learn('start', '5');
    const ids = await groupIds();
    await host.sglab(['authorize', 'db', 'tcp/3306', 'from', 'web'], { env: env() });
    await host.sglab(['revoke', 'db', 'tcp/3306', 'from', '10.0.1.17/32'], { env: env() });
    await learn('check');
    expect(await learn('submit', '--by', 'Eva', '-o', path.join(folder, 'eva.yaml'))).toMatchObject({ code: 0 });
    // Trainers can build it and look at it.
    expect(await host.sglab(['validate', path.join(folder, 'eva.yaml')])).toMatchObject({ code: 0 });

    write(
      'anna.txt',
      '   1  cd /tmp\n   2  sudo sglab autorize db all from web\n   3  sudo sglab authorize db tcp/3306 from web\n   4  sudo sglab revoke db tcp/3306 from 10.0.1.17/32\n',
    );
    write(
      'ben.zsh_history',
      ': 1764500000:0;sglab authorize db tcp/3306 from 10.0.1.0/24\n: 1764500001:0;sglab revoke db tcp/3306 from 10.0.1.17/32\n',
    );
    const rule = `--group-id ${ids.db} --protocol tcp --port 3306`;
    write(
      'Dora Klein/answer.sh',
      `#!/bin/sh\naws ec2 authorize-security-group-ingress ${rule} \\\n  --source-group ${ids.web} --output text\naws ec2 revoke-security-group-ingress ${rule} --cidr 10.0.1.17/32\n`,
    );
    write('carl.json', JSON.stringify(planOf(ids)));
    write('README.md', '# Submissions\n');
    write('.DS_Store', '\0');
    write('empty.txt', '');

    const files = ['grades.csv', 'grades.html'].map((name) => path.join(host.directory, name));
    const [csv = '', html = ''] = files;
    const { code, stdout } = await learn('grade', '5', folder, '--csv', csv, '--html', html, '--json');
    expect(code).toBe(0);
    const { submissions, ignored } = JSON.parse(stdout) as ClassGrades;
    expect(submissions.map(({ submission, status }) => [submission, status])).toEqual([
      ['Dora Klein', 'passed'],
      ['anna', 'passed'],
      ['ben', 'failed'],
      ['carl', 'passed'],
      ['empty', 'unreadable'],
      ['eva', 'passed'],
    ]);
    expect(ignored).toEqual(['README.md']);
    expect(submissions[1]?.notes[0]).toMatch(/line 2 does not count: .*did you mean "authorize"\?/);
    expect(submissions[5]?.record).toMatchObject({ by: 'Eva', checks: 1, hints: 0, lesson: '05-database-by-group' });
    expect(fs.readFileSync(csv, 'utf8').split('\r\n')).toHaveLength(8);
    const page = fs.readFileSync(html, 'utf8');
    expect(page).toContain('4 of 6 passed');
    expect(page).not.toMatch(/<script|https?:/);
  });

  it('of forty is graded whatever some of them handed in', async () => {
    const folder = path.join(host.directory, 'forty');
    fs.mkdirSync(folder);
    const forms = [
      'sudo sglab authorize web tcp/22 from 0.0.0.0/0\n',
      '',
      'securityGroups: [',
      'a\0b',
      '{"planned_values": ',
      '<img src=x onerror=alert(1)>\n',
    ];
    for (let at = 0; at < 20; at++) {
      for (const ending of ['txt', 'yaml'])
        fs.writeFileSync(path.join(folder, `=p${at}<b>.${ending}`), forms[at % forms.length] ?? '');
    }
    const html = path.join(host.directory, 'forty.html');
    const { code, stdout } = await learn('grade', '4', folder, '--html', html, '--json');
    expect(code).toBe(0);
    const { submissions } = JSON.parse(stdout) as ClassGrades;
    expect(new Set(submissions.map(({ submission }) => submission)).size).toBe(40);
    expect(submissions.filter(({ status }) => status === 'passed')).toEqual([]);
    const page = fs.readFileSync(html, 'utf8');
    expect(page).not.toContain('<b>');
    expect(page).not.toContain('<img');
  });
});
