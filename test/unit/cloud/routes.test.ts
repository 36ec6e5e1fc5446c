import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import { byId } from '../../../src/cloud/lookup.js';
import { associateRouteTable, createRouteTable } from '../../../src/cloud/network/route-table.js';
import type { TargetInput } from '../../../src/cloud/network/route-target.js';
import { changeRoutes, routeState, routeTableOf } from '../../../src/cloud/network/routes.js';
import type { RouteTarget } from '../../../src/cloud/network/types.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { errorOf, makeLab } from './shop.js';

const INTERNET: TargetInput = { type: 'internet-gateway' };

function makeTable() {
  const lab = makeLab();
  const made = createRouteTable(lab.cloud, { vpcId: lab.vpcId, name: 'dmz' });
  return { ...lab, cloud: made.cloud, table: made.routeTable };
}

const interfaceOf = (cloud: Cloud, name: string, index = 0): string => {
  const instance = Object.values(cloud.instances).find((candidate) => candidate.name === name);
  return instance?.interfaceIds[index] ?? '';
};

const routes = (add: { to: string; via: string }[], remove: string[] = []): Mutation => ({
  type: 'routes',
  table: 'dmz',
  add,
  remove,
});

describe('a route table', () => {
  it('has the local routes of its VPC, and a number of its own', () => {
    const { cloud, table, payVpcId } = makeTable();
    expect(table.routes.map(({ destination, target }) => [destination, target.type])).toEqual([
      [{ type: 'cidr', family: 'ipv4', cidr: '10.0.0.0/16' }, 'local'],
      [{ type: 'cidr', family: 'ipv6', cidr: '2001:db8:1::/56' }, 'local'],
    ]);
    const numbers = Object.values(cloud.routeTables).map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(byId(cloud.routeTables, byId(cloud.vpcs, payVpcId).mainRouteTableId).name).toBe('pay.main');
  });

  it('is the main one for a subnet that has no other, and `public: true` means one with default routes', () => {
    const { cloud, publicSubnetId, privateSubnetId } = makeLab();
    expect(routeTableOf(cloud, privateSubnetId).name).toBe('shop.main');
    const { name, routes } = routeTableOf(cloud, publicSubnetId);
    expect(name).toBe('shop.public');
    expect(routes.slice(2).map(({ destination, target }) => [destination, target.type])).toEqual([
      [{ type: 'cidr', family: 'ipv4', cidr: '0.0.0.0/0' }, 'internet-gateway'],
      [{ type: 'cidr', family: 'ipv6', cidr: '::/0' }, 'internet-gateway'],
    ]);
  });

  it('belongs to subnets of its own VPC only', () => {
    const { cloud, table, paySubnetId, privateSubnetId } = makeTable();
    expect(errorOf(() => associateRouteTable(cloud, paySubnetId, table.id))).toBe(
      `InvalidParameterValue: Route table ${table.id} and subnet ${paySubnetId} belong to different networks`,
    );
    const next = applyMutation(cloud, { type: 'subnet', name: 'private', routeTable: 'dmz' });
    expect(routeTableOf(next, privateSubnetId).name).toBe('dmz');
    const back = applyMutation(next, { type: 'subnet', name: 'shop/private', routeTable: 'main' });
    expect(back.subnets).toEqual(cloud.subnets);
  });
});

describe('routes', () => {
  it('are canonical, added and removed in one step, all or none', () => {
    const { cloud, table } = makeTable();
    const next = applyMutation(cloud, routes([{ to: '198.51.100.9/24', via: 'internetGateway' }]));
    expect(byId(next.routeTables, table.id).routes.at(-1)).toEqual({
      destination: { type: 'cidr', family: 'ipv4', cidr: '198.51.100.0/24' },
      target: { type: 'internet-gateway', gatewayId: byId(next.vpcs, table.vpcId).internetGatewayId },
    });
    const replaced = applyMutation(next, routes([{ to: '198.51.100.0/24', via: 'web-1' }], ['198.51.100.0/24']));
    const target = { type: 'interface', interfaceId: interfaceOf(cloud, 'web-1') };
    expect(byId(replaced.routeTables, table.id).routes.at(-1)?.target).toEqual(target);
    const failing = routes([{ to: '0.0.0.0/0', via: 'internetGateway' }], ['203.0.113.0/24']);
    expect(errorOf(() => applyMutation(next, failing))).toMatch(/^InvalidRoute.NotFound/);
  });

  it('lead to all entries of a prefix list', () => {
    const { cloud, table, prefixListId } = makeTable();
    const next = applyMutation(cloud, routes([{ to: 'partners', via: 'internetGateway' }]));
    expect(byId(next.routeTables, table.id).routes.at(-1)?.destination).toEqual({ type: 'prefix-list', prefixListId });
  });

  it('inside the VPC lead through interfaces, for a whole subnet', () => {
    const { cloud, table } = makeTable();
    const next = applyMutation(cloud, routes([{ to: '10.0.2.0/24', via: 'db-1.eth1' }]));
    const route = byId(next.routeTables, table.id).routes.at(-1);
    expect(route?.target).toEqual({ type: 'interface', interfaceId: interfaceOf(cloud, 'db-1', 1) });
  });

  it('are black holes once their target is gone', () => {
    const { cloud, vpcId } = makeTable();
    const vpc = byId(cloud.vpcs, vpcId);
    const [route] = byId(
      applyMutation(cloud, routes([{ to: '0.0.0.0/0', via: 'web-1' }])).routeTables,
      makeTable().table.id,
    ).routes.slice(-1);
    if (route === undefined) throw new Error('no route');
    expect(routeState(cloud, vpc, route)).toBe('active');
    expect(routeState({ ...cloud, networkInterfaces: {} }, vpc, route)).toBe('blackhole');
  });

  it.each([
    [
      '0.0.0.0/0',
      'internetGateway',
      'twice',
      /^RouteAlreadyExists: The route identified by 0.0.0.0\/0 already exists\.$/,
    ],
    ['169.254.169.0/24', 'internetGateway', 'once', /^InvalidParameterValue: .*169.254.169.0\/24 is reserved$/],
    ['fd00:ec2::/64', 'internetGateway', 'once', /^InvalidParameterValue: .*fd00:ec2::\/64 is reserved$/],
    [
      '10.0.2.0/24',
      'internetGateway',
      'once',
      /^InvalidParameterValue: .*can target only an interface or an instance\.$/,
    ],
    [
      '10.0.2.128/25',
      'web-1',
      'once',
      /^InvalidParameterValue: Route destination doesn't match any subnet CIDR blocks\.$/,
    ],
    ['0.0.0.0/0', 'db-1', 'once', /^InvalidInstanceID: There are multiple interfaces attached to instance/],
    ['0.0.0.0/0', 'internetgateway', 'once', /^InvalidParameterValue: no route can lead via "internetgateway"$/],
    ['::/0', 'egressOnlyInternetGateway', 'once', /^InvalidGatewayID.NotFound/],
    [
      '10.0.0.0/40',
      'internetGateway',
      'once',
      /^InvalidParameterValue: Value \(10.0.0.0\/40\) for parameter destinationCidrBlock/,
    ],
    ['nobody', 'internetGateway', 'once', /^InvalidPrefixListID.NotFound/],
  ])('refuse %s via %s (%s)', (to, via, times, message) => {
    const { cloud } = makeTable();
    const once = times === 'twice' ? applyMutation(cloud, routes([{ to, via }])) : cloud;
    expect(errorOf(() => applyMutation(once, routes([{ to, via }])))).toMatch(message);
  });

  it('keep the local ones, and lead into no other VPC', () => {
    const { cloud, table, payVpcId } = makeTable();
    expect(errorOf(() => applyMutation(cloud, routes([], ['10.0.0.0/16'])))).toBe(
      `InvalidParameterValue: cannot remove local route 10.0.0.0/16 in route table ${table.id}`,
    );
    const pay = byId(cloud.vpcs, payVpcId).mainRouteTableId;
    const target: RouteTarget = { type: 'interface', interfaceId: interfaceOf(cloud, 'web-1') };
    const add = [{ destination: '0.0.0.0/0', target }];
    expect(errorOf(() => changeRoutes(cloud, pay, { add }))).toMatch(/belong to different networks$/);
    expect(errorOf(() => changeRoutes(cloud, pay, { add: [{ destination: '0.0.0.0/0', target: INTERNET }] }))).toMatch(
      /^Gateway.NotAttached/,
    );
  });
});
