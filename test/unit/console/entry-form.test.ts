/** Entries and routes of a saved form, asked of the EC2 API of a cloud. */
import { describe, expect, it } from 'vitest';
import { byId } from '../../../src/cloud/lookup.js';
import type { Row } from '../../../src/console/editing/rows.js';
import { rowsOf, shownRows, withNewRow, withoutRow, withValue } from '../../../src/console/editing/rows.js';
import {
  type EntryValue,
  entryChanges,
  entryItems,
  entryRequests,
  readEntries,
} from '../../../src/console/pages/network-acls/entry-form.js';
import {
  type RouteValue,
  readRoutes,
  routeItems,
  routeRequests,
} from '../../../src/console/pages/route-tables/route-form.js';
import { makeLab } from '../cloud/shop.js';
import { ApiOnCloud } from '../ec2/api-on-cloud.js';

const { cloud, vpcId } = makeLab();
const vpc = byId(cloud.vpcs, vpcId);
const acl = byId(cloud.networkAcls, vpc.defaultNetworkAclId);
const main = byId(cloud.routeTables, vpc.mainRouteTableId);

const entry = (number: string, ports: string, change: Partial<EntryValue> = {}): EntryValue => ({
  number,
  traffic: { type: 'Custom TCP', protocol: 'tcp', ports },
  cidr: '0.0.0.0/0',
  action: 'allow',
  ...change,
});

describe('the entries of a network ACL', () => {
  const start = rowsOf(entryItems(acl, 'ingress'));
  const requestsOf = (rows: readonly Row<EntryValue>[]) => {
    const wanted = readEntries('ingress', rows).flatMap((read) => read.entry ?? []);
    return entryRequests(acl.id, entryChanges(acl, 'ingress', wanted), false);
  };

  it('open before they close, and an entry with another number is another entry', async () => {
    const denied = withNewRow(start, entry('90', '22', { action: 'deny' }));
    const moved = withValue(denied, '100', entry('200', '80'));
    const requests = requestsOf(shownRows(moved));
    expect(requests.map(({ action, parameters }) => `${action} ${parameters.RuleNumber}`)).toEqual([
      'CreateNetworkAclEntry 200',
      'CreateNetworkAclEntry 90',
      'DeleteNetworkAclEntry 100',
    ]);
    const api = new ApiOnCloud(cloud);
    for (const { action, parameters } of requests) await api.call(action, parameters);
    const after = entryItems(byId(api.cloud.networkAcls, acl.id), 'ingress').map(({ value }) => value);
    expect(after.map(({ number, action }) => [number, action])).toEqual([
      ['90', 'deny'],
      ['101', 'allow'],
      ['200', 'allow'],
    ]);
  });

  it('are replaced where they say something else', () => {
    const changed = withValue(start, '100', entry('100', '8', { traffic: { type: '', protocol: 'icmp', ports: '8' } }));
    expect(requestsOf(shownRows(changed))).toMatchObject([
      {
        action: 'ReplaceNetworkAclEntry',
        parameters: { RuleNumber: '100', Protocol: '1', 'Icmp.Type': '8', 'Icmp.Code': '-1' },
      },
    ]);
    expect(requestsOf(shownRows(start))).toEqual([]);
  });

  it('are refused where a number stands twice or is none', () => {
    const rows = shownRows(withNewRow(withNewRow(start, entry('100', '22')), entry('no', '22')));
    expect(readEntries('ingress', rows).map(({ problem }) => problem?.text ?? null)).toEqual([
      null,
      null,
      'The network acl entry identified by 100 already exists.',
      expect.stringContaining('parameter ruleNumber is invalid'),
    ]);
  });
});

describe('the routes of a table', () => {
  it('are created, replaced and deleted by their destinations', async () => {
    const gateway = vpc.internetGatewayId ?? '';
    const start = rowsOf(routeItems(cloud, main));
    const api = new ApiOnCloud(cloud);
    const saved = async (rows: readonly Row<RouteValue>[]) => {
      const table = byId(api.cloud.routeTables, main.id);
      const requests = routeRequests(api.cloud, table, readRoutes(api.cloud, rows));
      for (const { action, parameters } of requests) await api.call(action, parameters);
      return requests.map(({ action }) => action);
    };
    const added = withNewRow(start, { destination: '0.0.0.0/0', target: gateway });
    expect(await saved(shownRows(added))).toEqual(['CreateRoute']);
    const now = rowsOf(routeItems(api.cloud, byId(api.cloud.routeTables, main.id)));
    expect(await saved(shownRows(now))).toEqual([]);
    const other = withNewRow(withoutRow(now, '0.0.0.0/0'), { destination: '203.0.113.0/24', target: gateway });
    expect(await saved(shownRows(other))).toEqual(['CreateRoute', 'DeleteRoute']);
  });
});
