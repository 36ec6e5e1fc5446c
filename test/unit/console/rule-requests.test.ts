/** A saved form of rules, asked of the EC2 API of a cloud. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RuleBody, ruleIdentity } from '../../../src/cloud/groups/rules.js';
import type { Peer, SecurityGroupRule } from '../../../src/cloud/groups/types.js';
import { byId } from '../../../src/cloud/lookup.js';
import { ruleChanges, ruleRequests, type WantedRule } from '../../../src/console/pages/groups/rule-requests.js';
import { makeLab } from '../cloud/shop.js';
import { ApiOnCloud } from '../ec2/api-on-cloud.js';

const { cloud, web, db } = makeLab();
const cidr = (text: string): Peer => ({ type: 'cidr', family: text.includes(':') ? 'ipv6' : 'ipv4', cidr: text });
const rule = (port: number, peer: Peer, description: string | null = null): RuleBody => ({
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: port,
  toPort: port,
  peer,
  description,
});
const ANY = cidr('0.0.0.0/0');

async function startWith(bodies: readonly RuleBody[]) {
  const empty = { ...byId(cloud.securityGroups, db), rules: [] };
  const api = new ApiOnCloud({ ...cloud, securityGroups: { ...cloud.securityGroups, [db]: empty } });
  await send(api, { authorize: bodies, modify: [], describe: [], revoke: [] });
  return { api, rules: () => byId(api.cloud.securityGroups, db).rules };
}

/** @returns what the group was after each request */
async function send(api: ApiOnCloud, changes: Parameters<typeof ruleRequests>[1], order?: 'closing-first') {
  const states: (readonly SecurityGroupRule[])[] = [];
  for (const { action, parameters } of ruleRequests({ groupId: db, direction: 'ingress' }, changes, order)) {
    await api.call(action, parameters);
    states.push(byId(api.cloud.securityGroups, db).rules);
  }
  return states;
}

/** What the rules let in, of a stranger, a machine inside and a member of the group. */
const admitted = (rules: readonly RuleBody[]) =>
  rules.flatMap(({ fromPort, peer }) => {
    if (peer.type !== 'cidr') return [`${fromPort} member`];
    if (peer.family === 'ipv6') return [`${fromPort} over IPv6`];
    return [`${fromPort} inside`, ...(peer.cidr === '0.0.0.0/0' ? [`${fromPort} stranger`] : [])];
  });

const said = (rules: readonly RuleBody[]) => rules.map((each) => `${ruleIdentity(each)} ${each.description}`).sort();

describe('the requests of a form', () => {
  it('modifies what AWS modifies, and describes what only has other words', async () => {
    const { rules } = await startWith([rule(22, ANY), rule(80, ANY, 'old')]);
    const [ssh, http] = rules();
    const changes = ruleChanges(rules(), [
      { ruleId: ssh?.id ?? '', body: rule(22, cidr('198.51.100.10/32')) },
      { ruleId: http?.id ?? '', body: rule(80, ANY, 'new') },
    ]);
    expect(changes).toEqual({
      authorize: [],
      modify: [{ ruleId: ssh?.id, body: rule(22, cidr('198.51.100.10/32')) }],
      describe: [{ ruleId: http?.id, description: 'new' }],
      revoke: [],
    });
  });

  it('authorizes another rule before it revokes one whose peer is of another kind, as AWS cannot modify it', async () => {
    const { api, rules } = await startWith([rule(22, ANY)]);
    const [ssh] = rules();
    const changes = ruleChanges(rules(), [{ ruleId: ssh?.id ?? '', body: rule(22, { type: 'group', groupId: web }) }]);
    const requests = ruleRequests({ groupId: db, direction: 'ingress' }, changes);
    expect(requests.map(({ action }) => action)).toEqual([
      'AuthorizeSecurityGroupIngress',
      'RevokeSecurityGroupIngress',
    ]);
    await send(api, changes);
    expect(said(rules())).toEqual(said([rule(22, { type: 'group', groupId: web })]));
  });

  it('asks for nothing where a rule is deleted and added again', async () => {
    const { rules } = await startWith([rule(22, ANY)]);
    const changes = ruleChanges(rules(), [{ ruleId: null, body: rule(22, ANY) }]);
    expect(changes).toEqual({ authorize: [], modify: [], describe: [], revoke: [] });
  });

  it('revokes first where there is no room for both', async () => {
    const bodies = Array.from({ length: cloud.quotas.rulesPerGroup }, (_, port) => rule(port + 1, ANY));
    const { api, rules } = await startWith(bodies);
    const wanted = [...bodies.slice(1), rule(9999, ANY)].map((body) => ({ ruleId: null, body }));
    const changes = ruleChanges(rules(), wanted);
    await expect(send(api, changes)).rejects.toThrow('RulesPerSecurityGroupLimitExceeded');
    await send(api, changes, 'closing-first');
    expect(said(rules())).toEqual(said(wanted.map(({ body }) => body)));
  });

  it('comes to what the form says by any way, and closes nothing that stays open', async () => {
    const peers = fc.constantFrom<Peer>(ANY, cidr('10.0.0.0/8'), cidr('::/0'), { type: 'group', groupId: web });
    const bodies = fc.uniqueArray(fc.record({ port: fc.integer({ min: 1, max: 3 }), peer: peers }), {
      selector: ({ port, peer }) => ruleIdentity(rule(port, peer)),
      maxLength: 6,
    });
    const descriptions = fc.array(fc.constantFrom(null, 'a', 'b'), { minLength: 6, maxLength: 6 });
    const owners = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 });
    await fc.assert(
      fc.asyncProperty(bodies, bodies, descriptions, owners, async (before, after, words, places) => {
        const { api, rules } = await startWith(before.map(({ port, peer }) => rule(port, peer)));
        const start = rules();
        const wanted = after.map(({ port, peer }, at): WantedRule => {
          const ruleId = start[places[at] ?? -1]?.id ?? null;
          return { ruleId, body: rule(port, peer, words[at] ?? null) };
        });
        const states = await send(api, ruleChanges(start, wanted));
        expect(said(rules())).toEqual(said(wanted.map(({ body }) => body)));
        const staying = admitted(wanted.map(({ body }) => body)).filter((way) => admitted(start).includes(way));
        for (const state of states) expect(admitted(state)).toEqual(expect.arrayContaining(staying));
      }),
      { numRuns: 300 },
    );
  });
});
