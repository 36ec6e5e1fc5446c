/** The actual state, read from the kernel alone: it needs no file of ours to know what is ours. */

import { namespacePrefix, ownershipTag, owningLab } from '../kernel/lab-names.js';
import { listLinks } from '../kernel/links.js';
import { closeNetns, listNetns, type Netns, openNetns } from '../kernel/netns.js';
import { readSysctl, writeSysctls } from '../kernel/sysctl.js';

const OWNER = 'ipv4.conf.all.tag';
const FINGERPRINT = 'ipv4.conf.default.tag';

export interface ActualNamespace {
  readonly name: string;
  /** Of the plan it was completed by; 0 while it was never completed. */
  readonly fingerprint: number;
  readonly links: ReadonlySet<string>;
}

export interface ActualLab {
  readonly ours: ReadonlyMap<string, ActualNamespace>;
  /** Without any mark: made by somebody else, or by us in the instant before a kill. */
  readonly unmarked: readonly ActualNamespace[];
  /** Of another lab: `a` with an instance `b-web` and `a-b` with an instance `web` use the same name. */
  readonly others: readonly string[];
}

/** Makes a namespace known as the lab's. */
export function markOwner(netns: Netns, lab: string): void {
  writeSysctls(netns, { [OWNER]: ownershipTag(lab) });
}

/** Says that a namespace is complete, and by which plan. */
export function markComplete(netns: Netns, fingerprint: number): void {
  writeSysctls(netns, { [FINGERPRINT]: fingerprint });
}

export function readLab(lab: string): ActualLab {
  const ours = new Map<string, ActualNamespace>();
  const unmarked: ActualNamespace[] = [];
  const others: string[] = [];
  for (const name of listNetns().filter((candidate) => candidate.startsWith(namespacePrefix(lab)))) {
    const { owner, actual } = readNamespace(name);
    if (owner === ownershipTag(lab)) ours.set(name, actual);
    else if (owner === 0) unmarked.push(actual);
    else others.push(name);
  }
  return { ours, unmarked, others };
}

/** Names of all labs that the kernel knows. */
export function labsInKernel(): string[] {
  const labs = listNetns()
    .filter((name) => name.startsWith('sglab-'))
    .map((name) => owningLab(name, readNamespace(name).owner));
  return [...new Set(labs.filter((lab) => lab !== null))].sort();
}

/**
 * Another lab may be coming up or going down meanwhile, and a killed `ip netns add` leaves a name without a namespace:
 * what cannot be entered belongs to nobody and holds nothing.
 */
function readNamespace(name: string): { owner: number; actual: ActualNamespace } {
  const nothing = { owner: 0, actual: { name, fingerprint: 0, links: new Set<string>() } };
  let netns: Netns;
  try {
    netns = openNetns(name);
  } catch {
    return nothing;
  }
  try {
    return {
      owner: Number(readSysctl(netns, OWNER)),
      actual: { name, fingerprint: Number(readSysctl(netns, FINGERPRINT)), links: listLinks(netns) },
    };
  } catch {
    return nothing;
  } finally {
    closeNetns(netns);
  }
}
