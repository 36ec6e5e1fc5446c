import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/verify/audit/types.js';
import { findingNames, tcp, withRules } from './clouds.js';

const EVERYBODY = { everybody: { entries: ['0.0.0.0/1', '128.0.0.0/1'] }, office: { entries: ['198.51.100.0/24'] } };

describe.each<{ kind: Finding['kind']; yes: object[]; no: object[] }>([
  {
    kind: 'all-from-anywhere',
    yes: [
      { protocol: 'all', from: '0.0.0.0/0' },
      { protocol: 'all', from: '::/0' },
      { protocol: 'all', from: 'everybody' },
    ],
    no: [
      { protocol: 'all', from: '10.0.0.0/8' },
      { protocol: 'all', from: 'office' },
      { protocol: 'all', from: 'web' },
      tcp('0-65535', '0.0.0.0/0'),
    ],
  },
  {
    kind: 'ssh-open',
    yes: [
      tcp(22, '0.0.0.0/0'),
      tcp(22, '::/0'),
      tcp(22, 'everybody'),
      tcp('1-1024', '0.0.0.0/0'),
      { protocol: 'all', from: '0.0.0.0/0' },
      tcp(22, '128.0.0.0/2'),
    ],
    no: [
      tcp(22, '198.51.100.10/32'),
      tcp(22, 'office'),
      tcp(22, '10.0.0.0/8'),
      tcp(443, '0.0.0.0/0'),
      { protocol: 'udp', ports: 22, from: '0.0.0.0/0' },
    ],
  },
  {
    kind: 'rdp-open',
    yes: [tcp(3389, '0.0.0.0/0'), { protocol: 'udp', ports: '3000-4000', from: '::/0' }],
    no: [tcp(3389, '198.51.100.10/32'), tcp(3388, '0.0.0.0/0')],
  },
  {
    kind: 'database-open',
    yes: [tcp(5432, '0.0.0.0/0'), tcp('27000-27050', '::/0'), { protocol: 'udp', ports: 11211, from: '0.0.0.0/0' }],
    no: [tcp(5432, 'web'), tcp(80, '0.0.0.0/0')],
  },
  {
    kind: 'admin-open',
    yes: [tcp(445, '0.0.0.0/0'), tcp(2375, '::/0'), { protocol: 'udp', ports: 161, from: 'everybody' }],
    no: [tcp(445, '10.0.0.0/16'), tcp(443, '0.0.0.0/0')],
  },
  {
    kind: 'broad-range',
    yes: [tcp('8000-8100', '10.0.1.0/24'), { protocol: 'all', from: '10.0.0.0/16' }, tcp('0-65535', '0.0.0.0/0')],
    no: [tcp('8000-8099', '10.0.1.0/24'), { protocol: 'all', from: 'web' }, { protocol: 'icmp', from: '10.0.0.0/16' }],
  },
  {
    kind: 'ephemeral-range',
    yes: [tcp('1024-65535', '10.0.1.0/24'), { protocol: 'udp', ports: '32768-60999', from: '0.0.0.0/0' }],
    no: [tcp('32768-60998', '10.0.1.0/24'), { protocol: 'all', from: '10.0.1.0/24' }],
  },
  {
    kind: 'icmp-redirect',
    yes: [
      { protocol: 'icmp', from: '0.0.0.0/0' },
      { protocol: 'icmp', type: 5, from: '10.0.0.0/16' },
      { protocol: 'icmpv6', type: 137, from: '::/0' },
    ],
    no: [
      { protocol: 'icmp', type: 8, from: '0.0.0.0/0' },
      { protocol: 'icmp', from: '10.0.0.0/16' },
    ],
  },
])('$kind', ({ kind, yes, no }) => {
  it.each(yes)('is %j', (rule) =>
    expect(findingNames(withRules([rule], { prefixLists: EVERYBODY }), kind)).toHaveLength(1),
  );
  it.each(no)('is not %j', (rule) =>
    expect(findingNames(withRules([rule], { prefixLists: EVERYBODY }), kind)).toEqual([]),
  );
});

describe('database-egress', () => {
  const outOf = (ingress: object[], egress: object[], parts: object = {}) =>
    findingNames(withRules(ingress, parts, egress), 'database-egress');
  const everything = { protocol: 'all', to: '0.0.0.0/0' };

  it('is a database that may connect to the world, by its kind or by its port', () => {
    const rds = { instances: { v: { kind: 'rds', subnet: 'private', securityGroups: 'web' } } };
    expect(outOf([], [everything], rds)).toEqual(['web: all traffic to 0.0.0.0/0']);
    expect(outOf([tcp(5432, '10.0.1.0/24')], [{ protocol: 'tcp', ports: '1-65535', to: '::/0' }])).toHaveLength(1);
  });

  it('is neither another machine, nor a database that may connect to a few', () => {
    expect(outOf([tcp(443, '0.0.0.0/0')], [everything])).toEqual([]);
    expect(outOf([tcp(5432, '10.0.1.0/24')], [{ protocol: 'all', to: '10.0.0.0/16' }])).toEqual([]);
    expect(outOf([tcp(5432, '10.0.1.0/24')], [{ protocol: 'tcp', ports: 443, to: '0.0.0.0/0' }])).toEqual([]);
  });
});
