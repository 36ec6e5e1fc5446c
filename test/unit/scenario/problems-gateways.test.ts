import { describe, it } from 'vitest';
import { bareFile, expectOneProblem } from './files.js';

const TWO = 'name: x\nvpcs: { v: { cidr: 10.0.0.0/16 }, w: { cidr: 10.1.0.0/16 }, twin: { cidr: 10.0.0.0/20 } }\n';

describe('gateways', () => {
  it.each([
    ['peerings: { p: { between: [v, §u] } }', /^there is no VPC "u"/],
    ['peerings: { §p: { between: [v, twin] } }', /^VPCs v \(10\.0\.0\.0\/16\) and twin \(10\.0\.0\.0\/20\) overlap/],
    ['peerings: { p: { between: [v, w] }, §q: { between: [w, v] } }', /^there is a peering p already\./],
    ['peerings: { p: { between: [v, w], status: §activ } }', /did you mean "active"/],
    ['transitGateways: { hub: { attachments: { v: {}, §u: {} } } }', /^there is no VPC "u"/],
    ['transitGateways: { §hub: { attachments: { v: {}, twin: {} } } }', /overlap, so one transit gateway cannot/],
    [
      'routeTables: { t: { vpc: v, routes: { to: 10.1.0.0/16, via: §pering } } }\npeerings: { peering: { between: [v, w] } }',
      /^no route can lead via "pering"; did you mean "peering"/,
    ],
    [
      'routeTables: { t: { vpc: twin, routes: { to: §10.1.0.0/16, via: p } } }\npeerings: { p: { between: [v, w] } }',
      /belong to different networks; p does not connect VPC twin\./,
    ],
    ['steps: [{ peering: §{ name: nobody, status: active } }]', /^there is no peering "nobody"/],
  ])('%s', (text, message) => expectOneProblem(TWO + text, message));

  it.each([
    ['natGateways: { nat: { subnet: §b } }', /^there is no subnet "b"/],
    ['natGateways: { nat: { subnet: a, publicIp: §10.0.0.9 } }', /is inside VPC v/],
    ['endpoints: { e: { type: gateway, prefixList: §s4, routeTables: main } }', /^The prefix list 's4' does not exist/],
    [
      'endpoints: { e: { type: gateway, prefixList: s3, routeTables: [main, §dmz] } }',
      /^there is no route table "dmz"/,
    ],
    [
      'endpoints: { e: { type: gateway, prefixList: §cloudfront.origin-facing, routeTables: main } }',
      /^The Vpc Endpoint/,
    ],
  ])('%s', (text, message) => expectOneProblem(bareFile(text), message));
});
