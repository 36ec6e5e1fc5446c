/** Patterns of flows: read from words, checked against a cloud, and matched with a question. */
import { CloudError } from '../../cloud/errors.js';
import type { Family } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import {
  cidrContains,
  familyOf,
  hostCidr,
  isAddress,
  isCidr,
  parseAddress,
  parseCidr,
} from '../../cloud/network/cidr.js';
import { resolveEndpoint } from '../../cloud/text/endpoint.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';
import { quote } from '../../cloud/text/quote.js';
import { resolveGroup } from '../../cloud/text/resolve.js';
import { parseTraffic } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { coversTraffic } from '../audit/rule-coverage.js';
import type { End, FlowPattern, RuleTraffic } from './types.js';

export const ANYONE = 'anyone';

const FLOW = /^\s*(\S+)\s*->\s*(\S+)((?:\s+\S+)*)\s*$/;
const EVERYTHING: RuleTraffic = { protocol: '-1', fromPort: null, toPort: null };

/** Reads `office -> web-1 tcp/22 tcp/443`; without traffic it is about all of it. Throws CloudError. */
export function parseFlow(text: string): FlowPattern {
  const [, from, to, traffic = ''] = FLOW.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    throw new CloudError(
      'InvalidParameterValue',
      `${quote(text)} is not a flow`,
      'Write FROM -> TO WHAT, such as "office -> web-1 tcp/22" or "anyone -> web-1 tcp/80 tcp/443".',
    );
  }
  return { from, to, traffic: readTraffic(traffic) };
}

/** Reads `web-1` or `web-1 tcp/22`: what a scope is about. Throws CloudError. */
export function parsePlace(text: string): { readonly place: string; readonly traffic: readonly RuleTraffic[] } {
  const [place = '', ...traffic] = text.trim().split(/\s+/);
  return { place, traffic: readTraffic(traffic.join(' ')) };
}

function readTraffic(text: string): RuleTraffic[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.length === 0 ? [EVERYTHING] : words.map(parseTraffic);
}

/** @throws CloudError for a word that stands for nothing */
export function checkEnd(cloud: Cloud, word: string): void {
  if (blockOf(word) !== null || word === ANYONE) return;
  if (machineOf(cloud, word) === null && groupOf(cloud, word) === null) {
    throw new CloudError(
      'InvalidParameterValue',
      `${quote(word)} is nobody in this lab`,
      `Write ${ANYONE}, a machine, a security group or a block.`,
    );
  }
}

/** Whether the end may be meant by a word: a group's name means whoever carries it. */
export type EndTest = (end: End, family: Family) => boolean;

/** A machine is meant before a group of the same name; what is gone from the cloud means nobody. */
export function endTest(cloud: Cloud, word: string): EndTest {
  if (word === ANYONE) return () => true;
  const block = blockOf(word);
  if (block !== null) {
    return ({ addresses }, family) =>
      block.family === family && addresses.some((address) => cidrContains(block, parseAddress(address)));
  }
  const machine = machineOf(cloud, word);
  if (machine !== null) return (end) => end.machine === machine;
  const group = groupOf(cloud, word);
  return (end) => group !== null && end.groupIds.includes(group);
}

/** Whether the probe is of one of these kinds. */
export function coversProbe(traffic: readonly RuleTraffic[], probe: ProbeSpec): boolean {
  const asked = trafficOfProbe(probe);
  return traffic.some((each) => coversTraffic(each, asked));
}

export function trafficOfProbe({ protocol, port, icmpType, icmpCode }: ProbeSpec): RuleTraffic {
  return { protocol, fromPort: port ?? icmpType, toPort: port ?? icmpCode };
}

/** The block that a word is; null for a word that is none. */
export function blockOf(word: string) {
  if (isAddress(word)) return parseCidr(hostCidr(word));
  return isCidr(word) ? parseCidr(word) : null;
}

/** The addresses of one family. */
export function ofFamily(addresses: readonly string[], family: Family): string[] {
  return addresses.filter((address) => familyOf(address) === family);
}

function machineOf(cloud: Cloud, word: string): string | null {
  const end = unlessNothing(() => resolveEndpoint(cloud, word));
  if (end === null) return null;
  return end.kind === 'external' ? end.name : byId(cloud.networkInterfaces, end.interfaceId).instanceId;
}

function groupOf(cloud: Cloud, word: string): string | null {
  return unlessNothing(() => resolveGroup(cloud, word).id);
}

function unlessNothing<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof CloudError) return null;
    throw error;
  }
}
