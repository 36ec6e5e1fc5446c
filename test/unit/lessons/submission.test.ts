/** What a class hands in: read in whatever form it has; what is wrong costs its line, and is said with its place. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ruleText } from '../../../src/cloud/text/rule.js';
import { cloudDefinition } from '../../../src/export/cloud-definition.js';
import { openCourse, readLessons } from '../../../src/lessons/course.js';
import { loadLesson } from '../../../src/lessons/load.js';
import { readSubmission } from '../../../src/lessons/submissions/read-submission.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-submissions-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));
const lesson = await loadLesson('scenarios/lessons/05-database-by-group');
const idOf = (group: string) =>
  Object.values(lesson.lab.cloud.securityGroups).find(({ name }) => name === group)?.id ?? '';

async function read(name: string, text: string | Buffer) {
  const file = path.join(directory, name);
  fs.writeFileSync(file, text);
  const { cloud, notes, record } = await readSubmission(file, lesson);
  const db = Object.values(cloud.securityGroups).find((group) => group.name === 'db');
  const rules = (db?.rules ?? []).filter(({ direction }) => direction === 'ingress');
  return { cloud, notes, record, rules: rules.map((rule) => ruleText(cloud, rule)) };
}

const SOLVED = ['tcp/3306 from web'];

describe('a submission of commands', () => {
  it.each([
    [
      'a list of them',
      [
        '# what I did',
        'sudo sglab probe web-1 db-1 tcp/3306',
        '',
        '  sudo sglab authorize db tcp/3306 from web\r',
        'sglab revoke db tcp/3306 from 10.0.1.17/32 --lab learn',
        'sudo sglab learn check',
      ],
    ],
    [
      "bash's history, with numbers and dates",
      [
        '  498  ls -l',
        '  499  sudo sglab learn start 5',
        '  500  sudo /opt/sglab/scripts/sglab authorize db tcp/3306 from web',
        '  501* 2026-11-30 10:00:00 sudo sglab revoke db tcp/3306 from 10.0.1.17/32',
      ],
    ],
    [
      'the file of a history, with times',
      [
        '#1764500000',
        'sglab authorize db tcp/3306 from web',
        '#1764500001',
        'sglab revoke db tcp/3306 from 10.0.1.17/32',
      ],
    ],
    [
      "zsh's extended history",
      [
        ': 1764500000:0;cd lab',
        ': 1764500001:3;sudo sglab authorize db \\',
        'tcp/3306 from web',
        ': 1764500002:0;sglab revoke db tcp/3306 from 10.0.1.17/32',
      ],
    ],
    [
      'a script',
      [
        '#!/bin/sh -e',
        'BLOCK=10.0.1.17/32 # the old one',
        'cd /tmp && sudo -E sglab authorize db \\',
        '  tcp/3306 \\',
        '  from web; sudo sglab revoke db tcp/3306 from "$BLOCK" > /dev/null 2>&1 || echo failed',
      ],
    ],
    [
      'what a terminal showed',
      [
        'anna@lab:~/sglab$ sudo sglab authorize db tcp/3306 from web',
        'db: tcp/3306 from web: in force',
        '$ sglab revoke db tcp/3306 from 10.0.1.17/32',
      ],
    ],
    [
      'lines of the AWS CLI',
      [
        `aws --endpoint-url http://127.0.0.1:4580 ec2 authorize-security-group-ingress --group-id ${idOf('db')} --protocol tcp --port 3306 --source-group ${idOf('web')} --output json`,
        `aws ec2 revoke-security-group-ingress --group-id=${idOf('db')} --profile lab \\`,
        `  --ip-permissions '[{"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306,`,
        `     "IpRanges": [{"CidrIp": "10.0.1.17/32"}]}]'`,
      ],
    ],
    [
      'a script of the AWS CLI, with variables and answers',
      [
        `DB=$(aws ec2 describe-security-groups --filters Name=group-name,Values=db --query 'SecurityGroups[0].GroupId' --output text)`,
        `WEB="$(aws ec2 describe-security-groups --filters Name=group-name,Values=web --query SecurityGroups[].GroupId --output text)"`,
        'aws ec2 authorize-security-group-ingress --group-id $DB --ip-permissions "IpProtocol=tcp,FromPort=3306,ToPort=3306,UserIdGroupPairs=[{GroupId=$WEB}]"',
        `aws ec2 revoke-security-group-ingress --cli-input-json '{"GroupId": "${idOf('db')}", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "IpRanges": [{"CidrIp": "10.0.1.17/32"}]}]}'`,
      ],
    ],
    [
      'the work of several lessons, of which one counts',
      [
        'sglab learn start 4',
        'sglab modify web "just for five minutes" tcp/22 from 198.51.100.10/32',
        'sglab learn start database-by-group',
        'sglab authorize db all from 0.0.0.0/0',
        'sglab learn reset',
        'sglab authorize db tcp/3306 from web',
        'sglab revoke db tcp/3306 from 10.0.1.17/32',
      ],
    ],
  ])('may be %s', async (_what, lines) => {
    const { rules, notes } = await read('anna.txt', lines.join('\n'));
    expect(rules, notes.join()).toEqual(SOLVED);
    expect(notes.filter((text) => text.includes('does not count'))).toEqual([]);
  });

  it.each([
    ["zsh's own encoding", Buffer.from(': 1764500000:0;echo gr\xfc\x83\xa9\xdfe\n', 'latin1'), 'utf8'],
    ["PowerShell's", Buffer.from([0xff, 0xfe]), 'utf16le'],
    ['prose with apostrophes', Buffer.from("I didn't know that:\n"), 'utf8'],
  ] as const)('is read through %s', async (_what, head, encoding) => {
    const lines = "sglab authorize db tcp/3306 from web\r\nsglab revoke db tcp/3306 from 10.0.1.17/32\r\nthat's it\r\n";
    expect((await read('anna.txt', Buffer.concat([head, Buffer.from(lines, encoding)]))).rules).toEqual(SOLVED);
  });

  it('says which programs it skipped, and which line did not count', async () => {
    const lines = [
      'ls -l',
      'vim notes',
      'sglab autorize db all from web',
      'sglab authorize db tcp/3306 from web',
      "sglab change 'x: {",
      'ping 10.0.1.1',
    ];
    const { rules, notes } = await read('ben.txt', lines.join('\n'));
    expect(rules).toContain('tcp/3306 from web');
    expect(notes).toEqual([
      expect.stringMatching(/^line 3 does not count: .*did you mean "authorize"\?/),
      'line 5 does not count: a quote is not closed',
      'skipped, since they change no lab: ls, ping, vim',
    ]);
  });

  it.each([
    [
      'aws ec2 authorise-security-group-ingress --group-id x',
      /`aws ec2 authorise-security-group-ingress` is not an action.*did you mean/,
    ],
    [
      'aws ec2 authorize-security-group-ingress --grop-id x',
      /--grop-id: authorize-security-group-ingress has no such option; did you mean "group-id"\?/,
    ],
    [
      'aws ec2 authorize-security-group-ingress --group-id sg-00000000000000000 --protocol tcp --port 1 --cidr 10.0.0.0/8',
      /line 1 does not count: The security group 'sg-0+' does not exist/,
    ],
    [
      'aws ec2 authorize-security-group-ingress --group-id x --ip-permissions file:///etc/shadow',
      /the file file:\/\/\/etc\/shadow is not part of what was handed in/,
    ],
    [
      'aws ec2 authorize-security-group-ingress --ip-permissions IpProtocol=tcp,Port=22',
      /--ip-permissions: there is no Port in it/,
    ],
    ["aws ec2 create-tags --tags '[{]'", /--tags: this is no JSON/],
    ['sglab authorize dbb tcp/1 from web', /line 1 does not count: .*dbb/],
    ['for i in 1 2; do x; done', /line 1 does not count: "for" of the shell is not followed/],
  ])('with a mistake goes on: %s', async (line, message) => {
    const { notes, rules } = await read('carl.sh', `${line}\nsglab authorize db tcp/3306 from web\n`);
    expect(notes[0]).toMatch(message);
    expect(rules).toContain('tcp/3306 from web');
  });

  it('that changes nothing says so', async () => {
    expect((await read('d.txt', 'sglab probe web-1 db-1 tcp/3306\n')).notes).toEqual(['nothing in it changes the lab']);
  });
});

describe('a submission that says what the lab is to be', () => {
  it('is a file of groups, which replace those of the lesson', async () => {
    const text = 'securityGroups:\n  db:\n    ingress: { protocol: tcp, ports: 3306, from: web }\n';
    expect((await read('anna.yaml', text)).rules).toEqual(SOLVED);
  });

  it('is the export of a lab, with what it says about the work', async () => {
    const solved = (
      await read('a.txt', 'sglab authorize db tcp/3306 from web\nsglab revoke db tcp/3306 from 10.0.1.17/32')
    ).cloud;
    const { definition } = cloudDefinition({ ...solved, name: 'learn' });
    const record = {
      lesson: lesson.id,
      by: 'anna',
      at: '2026-11-30T10:00:00Z',
      seconds: 90,
      checks: 2,
      hints: 1,
      solutionSeen: false,
    };
    const handedIn = await read('anna.yaml', stringify({ 'x-submission': record, ...definition }));
    expect(handedIn).toMatchObject({ rules: SOLVED, record });
  });

  it('is the plan of Terraform, which knows the lab by ids', async () => {
    const resource = {
      address: 'aws_security_group.database',
      mode: 'managed',
      type: 'aws_security_group',
      name: 'database',
      values: {
        ...{ name: 'db', description: 'MySQL', vpc_id: 'vpc-0123456789abcdef0' },
        ingress: [{ from_port: 3306, to_port: 3306, protocol: 'tcp', security_groups: [idOf('web')], description: '' }],
        egress: [{ from_port: 0, to_port: 0, protocol: '-1', cidr_blocks: ['0.0.0.0/0'], description: '' }],
      },
    };
    const plan = {
      format_version: '1.2',
      terraform_version: '1.9.0',
      planned_values: { root_module: { resources: [resource] } },
    };
    expect((await read('plan.json', JSON.stringify(plan))).rules).toEqual(SOLVED);
  });

  it('is an answer of `aws ec2 describe-security-groups`', async () => {
    const answer = {
      SecurityGroups: [
        {
          ...{
            GroupName: 'db',
            GroupId: idOf('db'),
            Description: 'db',
            VpcId: 'vpc-0123456789abcdef0',
            OwnerId: '123456789012',
          },
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, UserIdGroupPairs: [{ GroupId: idOf('web') }] },
          ],
          IpPermissionsEgress: [],
        },
      ],
    };
    expect((await read('groups.json', JSON.stringify(answer))).rules).toEqual(SOLVED);
  });

  it.each([
    ['c.yaml', 'securityGroups:\n  dbb: {}\n', /c\.yaml:2:3: the lab has no security group "dbb"; did you mean "db"\?/],
    ['d.yaml', 'securityGroups:\n  db:\n    ingres: []\n', /d\.yaml:3:5: unknown key "ingres" in securityGroups\.db/],
    [
      'e.yaml',
      'securityGroups:\n  db:\n    ingress: { protocol: tcp, ports: 3306, from: wob }\n',
      /e\.yaml:3:\d+: .*wob/,
    ],
    ['f.yaml', 'name: mine\nsecurityGroups: {}\n', /f\.yaml:1:1: unknown key "name"/],
    ['g.yaml', 'securityGroups: [', /g\.yaml:1:/],
    ['j.yaml', 'name: a\nvpcs: {}\nx-submission: { lesson: 5 }\n', /j\.yaml:3:\d+: .*lesson/],
    ['empty.txt', '\n \n', /empty\.txt: the file is empty/],
    ['binary.txt', 'a\0b', /binary\.txt: the file is not text/],
    ['picture.txt', Buffer.from('89504e470d0affd8ffe0', 'hex'), /picture\.txt: the file is not text/],
  ])('%s is refused as a whole, with its place', async (name, text, message) => {
    await expect(read(name, text)).rejects.toThrow(message);
  });
});

it.each((await readLessons(openCourse().folders)).lessons.map((each) => [each.id, each] as const))(
  'what is exported of %s is graded as the lab that it was',
  async (_id, each) => {
    const { definition } = cloudDefinition({ ...each.lab.cloud, name: 'learn' });
    const file = path.join(directory, `${each.id}.yaml`);
    fs.writeFileSync(file, stringify(definition));
    const { cloud } = await readSubmission(file, each);
    expect(cloudDefinition({ ...cloud, name: 'learn' })).toEqual(cloudDefinition({ ...each.lab.cloud, name: 'learn' }));
    expect(Object.keys(cloud.instances).length).toBe(Object.keys(each.lab.cloud.instances).length);
  },
);
