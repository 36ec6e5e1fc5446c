/** Waiting for what the kernel does to links in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelError } from '../kernel/errors.js';
import { idleLinks, listLinks } from '../kernel/links.js';
import type { Netns } from '../kernel/netns.js';
import type { LinkEnd, LinkPlan } from './plan.js';

/** How long links may take to carry: a deferred word of the kernel comes within a second. */
const LINKS_MS = 5000;

/**
 * The kernel takes a removed namespace apart later: until then the other ends of its links keep their names.
 * @throws KernelError
 */
export async function untilNamesAreFree(ends: readonly LinkEnd[], netns: (name: string) => Netns): Promise<void> {
  const namesIn = new Map(ends.map(({ namespace }) => [namespace, netns(namespace)]));
  const deadline = Date.now() + LINKS_MS;
  const taken = () => {
    const present = new Map([...namesIn].map(([name, each]) => [name, listLinks(each)]));
    return ends.find(({ namespace, name }) => present.get(namespace)?.has(name));
  };
  for (let end = taken(); end !== undefined; end = taken()) {
    if (Date.now() > deadline) {
      const stderr = 'the link of a removed namespace stays';
      throw new KernelError({ command: `link add ${end.name}`, namespace: end.namespace, stderr });
    }
    await sleep(1);
  }
}

/** @throws KernelError */
export async function untilLinksCarry(links: readonly LinkPlan[], netns: (name: string) => Netns): Promise<void> {
  const namesIn = new Map<string, string[]>();
  for (const end of links.flatMap(({ near, far }) => [near, far])) {
    namesIn.set(end.namespace, [...(namesIn.get(end.namespace) ?? []), end.name]);
  }
  const deadline = Date.now() + LINKS_MS;
  for (const [namespace, names] of namesIn) await untilRunning(netns(namespace), names, deadline);
}

async function untilRunning(netns: Netns, names: readonly string[], deadline: number): Promise<void> {
  let idle = idleLinks(netns, names);
  while (idle.length > 0) {
    if (Date.now() > deadline) {
      const stderr = 'the link stays without carrier';
      throw new KernelError({ command: `link set ${idle[0]} up`, namespace: netns.name, stderr });
    }
    await sleep(1);
    idle = idleLinks(netns, idle);
  }
}
