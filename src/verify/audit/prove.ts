/** Proves and refutes findings with packets. Nothing is proved or refuted without one. */
import pMap from 'p-map';
import { byId } from '../../cloud/lookup.js';
import { makeProbe, type ProbeSpec, probeText } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import type { ProbeResult } from '../../verdict/types.js';
import { unlessAssumed } from './assumed.js';
import { judge } from './judge.js';
import { hostsIn, type Pair, pairsFor, pairsWithAll, type SentProbe } from './pairs.js';
import type { Claim, Finding, Proof } from './types.js';

/** Sends one probe with real packets, through a live lab of this process, or the controller of a running one. */
export type SendProbe = (probe: ProbeSpec) => Promise<ProbeResult>;

export interface ProveOptions {
  /** The reason why no machine outside can send, if none can. */
  readonly noOutsider: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** For a lab to which nothing is added. */
export const NO_HOST_IN_BLOCK = 'not provable here: no host outside is in the block';

/** Findings in progress at once; each sends its packets one after the other. */
const CONCURRENCY = 8;

/** Enough members and peers to be sure: a group of 500 instances has one set of rules. */
const MAX_PAIRS = 16;

/**
 * Returns the results in the order of the findings.
 * @throws what `ask` throws, and when `signal` aborts
 */
export async function proveAll(
  cloud: Cloud,
  findings: readonly Finding[],
  ask: SendProbe,
  options: ProveOptions,
): Promise<Proof[]> {
  const asked = new Map<string, Promise<ProbeResult>>();
  const once: SendProbe = (spec) => {
    const key = JSON.stringify(spec);
    const known = asked.get(key) ?? ask(spec);
    asked.set(key, known);
    return known;
  };
  let done = 0;
  return pMap(
    findings,
    async ({ claim }) => {
      options.signal?.throwIfAborted();
      const proof = await prove(cloud, claim, once, options);
      options.onProgress?.(++done, findings.length);
      return proof;
    },
    { concurrency: CONCURRENCY },
  );
}

async function prove(cloud: Cloud, claim: Claim, ask: SendProbe, { noOutsider }: ProveOptions): Promise<Proof> {
  if (claim.type === 'no-packet') return notTried(claim.reason);
  const pairs = pairsOf(cloud, claim);
  if (pairs.length === 0) return notTried(noPairReason(cloud, claim, noOutsider));
  const sent: SentProbe[] = [];
  for (const pair of pairs.slice(0, MAX_PAIRS)) {
    const next = await send(pair, claim.traffic, ask);
    if (next === null) continue;
    sent.push(next);
    // The other pairs are needed only while no packet has proved the claim.
    if (judge(cloud, claim, sent).status === 'proved' && claim.type !== 'admits-nothing') break;
  }
  if (sent.length === 0) return notTried('no two machines have addresses of one family');
  return unlessAssumed(cloud, claim, sent, judge(cloud, claim, sent));
}

function pairsOf(cloud: Cloud, claim: Exclude<Claim, { type: 'no-packet' }>): Pair[] {
  switch (claim.type) {
    case 'acts':
      return [...pairsWithAll(cloud, claim.groupId, 'egress'), ...pairsWithAll(cloud, claim.groupId, 'ingress')];
    case 'admits-nothing':
      return withoutDuplicates([
        ...pairsFor(cloud, claim.groupId, claim.rule, false),
        ...pairsWithAll(cloud, claim.groupId, claim.rule.direction),
      ]);
    case 'passes':
      return pairsFor(cloud, claim.groupId, claim.rule, claim.outside);
    case 'stops-at':
      return pairsFor(cloud, claim.groupId, claim.rule, false).filter((pair) => crossesSubnets(cloud, pair));
    case 'admitted-by':
      return pairsFor(cloud, claim.groupId, claim.rule, false);
  }
}

function withoutDuplicates(pairs: readonly Pair[]): Pair[] {
  const isSame = (a: Pair, b: Pair) => a.from === b.from && a.to === b.to;
  return pairs.filter((pair, at) => pairs.findIndex((other) => isSame(other, pair)) === at);
}

/** The result is null for two machines without a common family, or for ICMP of the other family. */
async function send(pair: Pair, traffic: string, ask: SendProbe): Promise<SentProbe | null> {
  const spec = makeProbe({ from: pair.from, to: pair.to, what: traffic, family: pair.family });
  try {
    return { pair, probe: await ask(spec), words: probeText(spec) };
  } catch (error) {
    if (error instanceof SglabError && error.code === 'InvalidParameterValue') return null;
    throw error;
  }
}

/** A network ACL filters at the boundary of subnets: neighbours prove nothing about it. */
function crossesSubnets(cloud: Cloud, { from, to, memberId }: Pair): boolean {
  const { subnetId } = byId(cloud.networkInterfaces, memberId);
  const neighbours = Object.values(cloud.networkInterfaces).filter(
    (eni) => eni.subnetId === subnetId && eni.id !== memberId,
  );
  const names = neighbours.flatMap((eni) => {
    const { name } = byId(cloud.instances, eni.instanceId);
    return [name, `${name}.eth${eni.deviceIndex}`];
  });
  return !names.includes(from) && !names.includes(to);
}

function noPairReason(cloud: Cloud, claim: Exclude<Claim, { type: 'no-packet' }>, noOutsider: string): string {
  const members = Object.values(cloud.networkInterfaces).some((eni) => eni.groupIds.includes(claim.groupId));
  if (!members) return 'no interface has the group, so no packet meets its rules';
  if (claim.type === 'passes' && claim.outside) {
    return hostsIn(cloud, claim.rule).length === 0 ? noOutsider : 'no member has an address of that family';
  }
  return 'not provable here: no machine of the lab is at the other end of the rule';
}

function notTried(reason: string): Proof {
  return { status: 'not-tried', reason, unknown: false };
}
