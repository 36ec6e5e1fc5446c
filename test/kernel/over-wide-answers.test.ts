/** Answers that solve a lesson and open more: each is found out with the rule and a packet, or said to be wide where it opens nothing. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandFor } from '../../src/changes/command-text.js';
import { loadLesson } from '../../src/lessons/load.js';
import type { SubmissionGrade } from '../../src/lessons/submissions/grade-submissions.js';
import { TestHost } from './support/test-host.js';

/** What is done beyond the solution, and what the grader says of it; null: nothing, and it passes. */
type Answer = readonly [surplus: string | readonly string[], says: RegExp | null];

/** The first part of each lesson's are usual mistakes of trainees. */
const ANSWERS: Readonly<Record<string, readonly Answer[]>> = {
  '01-default-deny': [
    [
      'authorize web 47 from 0.0.0.0/0',
      /too open: customer reaches protocol 47 of web-1, .*admitted by sgr-\w+ \(web: 47 from 0\.0\.0\.0\/0\)$/,
    ],
    ['authorize web tcp/6000-7000 from 0.0.0.0/0', /too open: customer reaches tcp\/6000 of web-1/],
    [
      'authorize web tcp/8080 from 0.0.0.0/0',
      /too open: customer reaches tcp\/8080 of web-1, although nothing listens there today, admitted by/,
    ],
    [
      'authorize web all from ::/0',
      /right by accident: after "give the network IPv6", somebody at 2\S+ reaches tcp\/22 of web-1 over IPv6, admitted by .*all traffic from ::\/0/,
    ],
    ['authorize web tcp/443-444 from 0.0.0.0/0', /too open: customer reaches tcp\/444 of web-1/],
    [
      'authorize web icmp/8/0 from 10.0.0.0/8',
      /after "launch newcomer-\d at 10\.0\.1\.\d", newcomer-\d reaches icmp of web-1/,
    ],
    [
      'authorize web tcp/22 from web',
      /after "launch newcomer-\d with the group web", newcomer-\d reaches tcp\/22 of web-1/,
    ],
    ['authorize web tcp/22 from 192.168.0.0/16', null],
  ],
  '02-stateful-replies': [
    ['authorize web icmp to 0.0.0.0/0', /too open: web-1 reaches icmp of \w+, let out by sgr-\w+ \(web: icmp/],
    ['authorize web tcp/26-65535 to 0.0.0.0/0', /too open: web-1 reaches tcp\/26 of \w+, .*let out by/],
    ['authorize web tcp/22 from 0.0.0.0/0', /too open: customer reaches tcp\/22 of web-1/],
    ['authorize web udp/0-65535 to 0.0.0.0/0', /too open: web-1 reaches udp\/4999 of \w+, let out by/],
    ['authorize web all to ::/0', /after "give the network IPv6", web-1 reaches tcp\/\d+ of somebody at \S+ over IPv6/],
  ],
  '03-refused-or-timed-out': [
    ['authorize web tcp/80-443 from 0.0.0.0/0', /too open: customer reaches tcp\/81 of web-1/],
    ['authorize web tcp/3389 from 0.0.0.0/0', /too open: customer reaches tcp\/3389 of web-1/],
    ['authorize web udp/0-65535 from 0.0.0.0/0', /too open: customer reaches udp\/4999 of web-1/],
    ['authorize web 50 from 172.16.0.0/12', null],
  ],
  '04-ssh-for-the-office': [
    [
      'authorize web tcp/22 from 0.0.0.0/2',
      /too open: somebody at 1\.0\.0\.1 reaches tcp\/22 of web-1, admitted by .*0\.0\.0\.0\/2/,
    ],
    ['authorize web tcp/3389 from 0.0.0.0/0', /too open: \w+ reaches tcp\/3389 of web-1/],
    ['authorize web tcp/22 from 203.0.112.0/24', /too open: somebody at 203\.0\.112\.1 reaches tcp\/22 of web-1/],
    ['authorize web tcp/22 from 198.51.100.8/29', /too open: somebody at 198\.51\.100\.\d+ reaches tcp\/22 of web-1/],
  ],
  '05-database-by-group': [
    [
      'authorize db tcp/3306 from 10.0.1.21/32',
      /right by accident: after "terminate web-1" and "launch intern-1 .*intern-1 reaches tcp\/3306 of db-1/,
    ],
    [
      'authorize db tcp/3306 from 10.0.128.0/17',
      /after "launch newcomer-\d at 10\.0\.128\.4", newcomer-\d reaches tcp\/3306 of db-1/,
    ],
    ['authorize db tcp/5432 from 0.0.0.0/0', /too open: web-1 reaches tcp\/5432 of db-1/],
    ['authorize db tcp/3306 from reports', /too open: reports-1 reaches tcp\/3306 of db-1, admitted by .*from reports/],
    [
      'authorize db tcp/3306 from 10.0.2.0/24',
      /after "launch newcomer-\d at 10\.0\.2\.\d+", newcomer-\d reaches tcp\/3306 of db-1/,
    ],
    ['authorize db udp/3306 from web', /too open: web-1 reaches udp\/3306 of db-1/],
    ['attach db-1 web', /too open: \S+ reaches tcp\/443 of db-1, .*\(web: tcp\/443 from 0\.0\.0\.0\/0/],
  ],
  '06-several-groups': [
    ['attach web-2 debug', /too open: \S+ reaches tcp\/9000 of web-2, admitted by .*the debugger of the incident/],
    ['authorize ssh tcp/22 from 198.51.100.0/28', /too open: somebody at 198\.51\.100\.\d+ reaches tcp\/22 of web-1/],
  ],
  '07-http-and-https': [
    ['authorize app tcp/80-388 from 0.0.0.0/0', /too open: \w+ reaches tcp\/81 of app-1/],
    ['authorize app tcp/3389 from 0.0.0.0/0', /too open: \w+ reaches tcp\/3389 of app-1/],
    ['authorize app udp/0-65535 from 0.0.0.0/0', /too open: \w+ reaches udp\/4999 of app-1/],
    ['authorize app tcp/389 from ::/0', /too open: modern reaches tcp\/389 of app-1 over IPv6/],
    ['authorize app icmpv6 from ::/0', /too open: modern reaches icmpv6 of app-1/],
    ['authorize app tcp/8080 from 2001:db8::/32', /too open: modern reaches tcp\/8080 of app-1/],
  ],
  '08-bastion-to-endpoint': [
    [
      'authorize endpoint tcp/1-5000 to private',
      /after "launch newcomer-\d with the group private", connect reaches tcp\/1 of newcomer-\d, .*let out by .*tcp\/1-5000 to private/,
    ],
    ['authorize private tcp/5432 from 0.0.0.0/0', /too open: \S+ reaches tcp\/5432 of db-1/],
    [
      'authorize endpoint tcp/22 to 10.0.0.0/16',
      /connect reaches tcp\/22 of newcomer-\d, .*let out by .*to 10\.0\.0\.0\/16/,
    ],
    [
      'authorize bastion tcp/22 from endpoint',
      /newcomer-\d with the group endpoint", newcomer-\d reaches tcp\/22 of bastion-1/,
    ],
  ],
  '10-network-acl': [
    [
      "change 'networkAcl: { name: strict, inbound: { rule: 95, action: allow, protocol: tcp, ports: 1-1000, from: 0.0.0.0/0 } }'",
      /too open: visitor reaches tcp\/22 of web-1, admitted by/,
    ],
    [
      "change 'networkAcl: { name: strict, inbound: { rule: 80, action: allow, protocol: tcp, ports: 443, from: 203.0.113.128/25 } }'",
      /too open: somebody at 203\.0\.113\.\d+ reaches tcp\/443 of web-1, admitted by sgr-\w+ .* and acl-\w+\/80 \(strict: .*203\.0\.113\.128\/25/,
    ],
  ],
  '11-the-untracked-surprise': [
    ['authorize stream tcp/3389 from 0.0.0.0/0', /too open: \w+ reaches tcp\/3389 of tv-1/],
    ['authorize stream udp/0-65535 from 0.0.0.0/0', /too open: \w+ reaches udp\/4999 of tv-1/],
    [
      'authorize base all to 10.0.0.0/16',
      /tv-\d reaches \S+ of \S+, .*let out by sgr-\w+ \(base: all traffic to 10\.0\.0\.0\/16\)/,
    ],
  ],
  '12-idle-timeouts': [
    ['authorize db tcp/443 to 0.0.0.0/0', /db-1 reaches tcp\/443 of newcomer-\d, .*let out by .*db: tcp\/443/],
    ['authorize db icmp to app', /db-1 reaches icmp of newcomer-\d, let out by .*db: icmp/],
  ],
  '13-peering-and-stale-rules': [
    ['authorize db tcp/3306 from 10.0.0.0/8', /too open: (laptop|app-1) reaches tcp\/3306 of db-1/],
    ['authorize db tcp/5432 from 10.0.1.0/24', /too open: laptop reaches tcp\/5432 of db-1/],
    ['authorize db tcp/22 from shop/staff', /too open: laptop reaches tcp\/22 of db-1/],
    ['authorize db tcp/5432 from 172.16.0.0/12', null],
  ],
};

const CASES = Object.entries(ANSWERS).flatMap(([lesson, answers]) =>
  answers.map(([surplus, says], at) => ({ lesson, name: `answer-${at}`, surplus: String(surplus), says })),
);

let host: TestHost;
let grades: readonly SubmissionGrade[];
beforeAll(async () => {
  host = await TestHost.start();
  const directory = path.join(host.directory, 'answers');
  for (const lesson of Object.keys(ANSWERS)) {
    const { solution } = await loadLesson(path.join('scenarios/lessons', lesson));
    const solved = solution.map((mutation) => commandFor(mutation, null));
    fs.mkdirSync(path.join(directory, lesson), { recursive: true });
    for (const { name, surplus } of CASES.filter((each) => each.lesson === lesson)) {
      fs.writeFileSync(path.join(directory, lesson, `${name}.txt`), [...solved, surplus, ''].join('\n'));
    }
  }
  const { stdout, stderr } = await host.sglab(['learn', 'grade', '--dir', directory, '--json']);
  if (stdout === '') throw new Error(stderr);
  grades = (JSON.parse(stdout) as { submissions: SubmissionGrade[] }).submissions;
});
afterAll(() => host?.stop());

describe('the solution and', () => {
  it.each(CASES)('$lesson: $surplus', ({ lesson, name, says }) => {
    const grade = grades.find((each) => each.lesson === lesson && each.submission === name);
    const reasons = grade?.reasons.filter((reason) => !reason.includes('not tried')) ?? [];
    if (says === null) {
      expect(grade).toMatchObject({ status: 'passed', reasons: [] });
      expect(grade?.notes).toEqual([
        expect.stringMatching(/^wider than needed: sgr-\w+ \(.*\) also allows .*; it opens nothing today$/),
      ]);
      return;
    }
    expect(grade?.status).toBe('failed');
    expect(reasons).toEqual(expect.arrayContaining([expect.stringMatching(says)]));
  });
});

/** No shipped lesson has a prefix list. */
const LAB = {
  name: 'partners',
  vpcs: { v: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { s: { cidr: '10.0.1.0/24', public: true } } } },
  prefixLists: { partners: { family: 'ipv4', maxEntries: 5, entries: ['203.0.113.64/28'] } },
  securityGroups: { api: { ingress: { protocol: 'tcp', ports: 443, from: 'partners' } } },
  instances: { 'api-1': { subnet: 's', securityGroups: 'api', publicIp: true, listen: 'tcp/443' } },
  internet: { partner: '198.51.100.7', known: '203.0.113.70' },
};
const LESSON = {
  ...{
    title: 'Partners',
    idea: 'A list is what is in it.',
    story: 'One more partner calls.',
    moral: 'Add one address.',
  },
  goals: [
    { goal: 'The new partner calls', reaches: 'partner -> api-1 tcp/443' },
    {
      goal: 'Nobody else does',
      into: 'api-1',
      only: ['partner -> api-1 tcp/443', '203.0.113.64/28 -> api-1 tcp/443'],
    },
  ],
  solution: ["change 'prefixList: { name: partners, add: 198.51.100.7/32 }'"],
  wrong: [
    {
      try: 'Add the neighbours, too',
      do: ["change 'prefixList: { name: partners, add: 198.51.100.0/24 }'"],
      caught: 'too-open',
      goal: 'Nobody else does',
      says: 'somebody at 198.51.100.',
    },
    {
      try: 'Add a network that is to come',
      do: ["change 'prefixList: { name: partners, add: [198.51.100.7/32, 10.0.0.0/20] }'"],
      caught: 'by-accident',
      goal: 'Nobody else does',
      says: 'newcomer-',
    },
  ],
};

it('an entry of a prefix list that holds too much', async () => {
  const folder = path.join(host.directory, 'partners');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'lab.yaml'), JSON.stringify(LAB));
  fs.writeFileSync(path.join(folder, 'lesson.yaml'), JSON.stringify(LESSON));
  const { code, stdout } = await host.sglab(['learn', 'validate', folder]);
  expect({ code, stdout }).toMatchObject({ code: 0 });
});
