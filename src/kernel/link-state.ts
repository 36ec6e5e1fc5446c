/** Waiting for what the kernel does to links in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelError } from './errors.js';
import { idleLinks, listLinks } from './links.js';
import type { Netns, OpenNamespaces } from './netns.js';

/** How long links may take to carry: a deferred word of the kernel comes within a second. */
const LINKS_MS = 5000;

interface LinksOf {
  readonly namespace: string;
  readonly links: readonly string[];
}

/** @throws KernelError where the links of removed namespaces stay */
export function waitForFreeNames(namespaces: OpenNamespaces, all: readonly LinksOf[]): Promise<void> {
  return untilNone(namespaces, all, {
    left: (netns, names) => {
      const present = listLinks(netns);
      return names.filter((name) => present.has(name));
    },
    failure: (name) => ({ command: `link add ${name}`, stderr: 'the link of a removed namespace stays' }),
  });
}

/** @throws KernelError where a link stays without carrier */
export function waitForCarrier(namespaces: OpenNamespaces, all: readonly LinksOf[]): Promise<void> {
  return untilNone(namespaces, all, {
    left: idleLinks,
    failure: (name) => ({ command: `link set ${name} up`, stderr: 'the link stays without carrier' }),
  });
}

interface Condition {
  /** Those of the links that are still waited for. */
  readonly left: (netns: Netns, names: readonly string[]) => string[];
  readonly failure: (name: string) => { readonly command: string; readonly stderr: string };
}

async function untilNone(namespaces: OpenNamespaces, all: readonly LinksOf[], condition: Condition): Promise<void> {
  const deadline = Date.now() + LINKS_MS;
  for (const { namespace, links } of all) {
    const netns = namespaces.netns(namespace);
    let left = condition.left(netns, links);
    while (left.length > 0) {
      if (Date.now() > deadline) throw new KernelError({ ...condition.failure(left[0] ?? ''), namespace });
      await sleep(1);
      left = condition.left(netns, left);
    }
  }
}
