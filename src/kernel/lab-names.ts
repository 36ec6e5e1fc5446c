/** Names of a lab's kernel objects, and the mark by which a later process recognises them as sglab's. */
import { createHash } from 'node:crypto';
import { SglabError } from '../errors.js';

/** Every namespace of every lab starts with this. */
export const PREFIX = 'sglab-';

/** The prefix of every namespace of a lab. Names alone prove nothing: see `ownershipTag`. */
export function namespacePrefix(lab: string): string {
  return `${PREFIX}${lab}-`;
}

export const instanceNamespace = (lab: string, instance: string) => `${namespacePrefix(lab)}${instance}`;
export const hostNamespace = instanceNamespace;
export const cardNamespace = (lab: string, instance: string, deviceIndex: number) =>
  `${namespacePrefix(lab)}${instance}.eth${deviceIndex}`;
export const vpcRouterNamespace = (lab: string, vpc: string) => `${namespacePrefix(lab)}${vpc}.vpc`;
export const gatewayNamespace = (lab: string, vpc: string) => `${namespacePrefix(lab)}${vpc}.igw`;
export const peeringNamespace = (lab: string, peering: string) => `${namespacePrefix(lab)}${peering}.pcx`;
export const transitGatewayNamespace = (lab: string, gateway: string) => `${namespacePrefix(lab)}${gateway}.tgw`;
export const endpointNamespace = (lab: string, endpoint: string) => `${namespacePrefix(lab)}${endpoint}.vpce`;
export const internetNamespace = (lab: string) => `${namespacePrefix(lab)}the.internet`;

/** The kernel parameters of a namespace that hold the mark of its lab, and the fingerprint of the state that it was completed by. */
export const OWNER = 'ipv4.conf.all.tag';
export const FINGERPRINT = 'ipv4.conf.default.tag';

/**
 * The number in `net.ipv4.conf.all.tag` of each namespace of a lab. The kernel gives that parameter no meaning of its
 * own ("allows you to write a number, which can be used as required"), a new namespace has 0, and it exists as long as
 * the namespace: the mark needs no file and no process.
 */
export function ownershipTag(lab: string): number {
  return hash31(`sglab lab ${lab}`);
}

/** A hash of a text as a positive 31-bit number; never 0. */
export function hash31(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() & 0x7fff_ffff || 1;
}

/** The lab to which a namespace belongs by its name and mark; null if it is not sglab's. */
export function owningLab(namespace: string, tag: number): string | null {
  if (!namespace.startsWith(PREFIX)) return null;
  const rest = namespace.slice(PREFIX.length);
  // Lab names may contain hyphens, so that each hyphen could be the end of one: the mark decides.
  for (let at = rest.indexOf('-'); at > 0; at = rest.indexOf('-', at + 1)) {
    const lab = rest.slice(0, at);
    if (ownershipTag(lab) === tag) return lab;
  }
  return null;
}

const LAB_NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export function isLabName(name: string): boolean {
  return LAB_NAME.test(name);
}

/** @throws SglabError if a text cannot be a lab's name; it then reaches no path and no command */
export function checkLabName(name: string): string {
  if (isLabName(name)) return name;
  throw new SglabError('InvalidLabName', `${JSON.stringify(name.slice(0, 60))} cannot be the name of a lab`, {
    hint: 'use 1 to 40 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen',
  });
}

/** The router's side of every link to a machine has this address: there is no layer 2 on which it could clash. */
export const ROUTER_MAC = '02:00:00:00:00:01';
