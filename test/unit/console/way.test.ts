import { describe, expect, it } from 'vitest';
import { named } from '../../../src/cloud/lookup.js';
import { routeTableOf } from '../../../src/cloud/network/routes.js';
import { formOf, questionOf } from '../../../src/console/pages/way/question.js';
import { endOf, stepsOf, trail } from '../../../src/console/pages/way/steps.js';
import { trailPoints } from '../../../src/console/pages/way/trail-points.js';
import type { Explanation, StageView } from '../../../src/verify/explain/types.js';
import { SHOP } from '../picture/small-cloud.js';

describe('the question in the URL', () => {
  it.each([
    ['from=a&to=b&question=tcp%2F22', { from: 'a', to: 'b', question: 'tcp/22' }],
    ['from=a&to=b&question=icmp', { from: 'a', to: 'b', question: 'icmp' }],
    ['from=a&to=b&question=tcp%2F99999', null],
    ['from=a&question=tcp%2F22', null],
  ])('reads %s', (query, question) => {
    expect(questionOf(formOf(new URLSearchParams(query)))).toEqual(question);
  });
});

describe('the steps of a way', () => {
  const [web] = named(SHOP.instances, 'web-1');
  const eni = web?.interfaceIds[0] ?? '';
  const [subnet] = named(SHOP.subnets, 'public');
  const view = (about: Partial<StageView>) => ({ leg: 'request', kernel: null, model: 'pass', at: null, ...about });
  const stages = [
    view({ stage: 'nacl-inbound', at: subnet?.id ?? '' }),
    view({ stage: 'sg-ingress', at: eni, kernel: 'pass' }),
    view({ stage: 'route', leg: 'reply', at: subnet?.id ?? '' }),
    view({ stage: 'route', leg: 'reply', at: null, model: 'drop' }),
  ];
  const steps = stepsOf(SHOP, { stages } as unknown as Explanation, 'office');

  it('are at the parts of the picture: routes at route tables, gateways where the packet was', () => {
    const table = routeTableOf(SHOP, subnet?.id ?? '').id;
    expect(steps.map(({ node }) => node)).toEqual([subnet?.id, eni, table, table]);
  });

  it('end where the packet is dropped', () => {
    expect(endOf(steps)).toBe(3);
    expect(endOf(steps.slice(0, 2))).toBe(1);
  });

  it('leave a trail from where the leg began, from the internet through its gateway', () => {
    const gateway = SHOP.vpcs[subnet?.vpcId ?? '']?.internetGatewayId;
    expect(trail(steps, 1)).toEqual({ leg: 'request', nodes: ['office', gateway, subnet?.id, eni] });
    expect(trail(steps, 2).nodes[0]).toBe(eni);
  });
});

it('draws the trail through the gaps between columns', () => {
  const [card, gateway, host] = [
    { x: 200, y: 90, left: 100 },
    { x: 300, y: 40, left: 240 },
    { x: 400, y: 120, left: 340 },
  ];
  expect(trailPoints([host, gateway, card])).toEqual([
    { x: 400, y: 120 },
    { x: 326, y: 120 },
    { x: 326, y: 40 },
    { x: 300, y: 40 },
    { x: 226, y: 40 },
    { x: 226, y: 90 },
    { x: 200, y: 90 },
  ]);
  expect(trailPoints([card, { ...card, y: 140 }])).toHaveLength(2);
});
