import fs from 'node:fs';
import { inNetns, type Netns } from './netns.js';

/** Names of all links of a namespace, up or down. */
export function listLinks(netns: Netns): Set<string> {
  const table = inNetns(netns, () => fs.readFileSync('/proc/thread-self/net/dev', 'utf8'));
  // Two lines of heading, then "  name: counters".
  const names = table
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, line.indexOf(':')).trim());
  return new Set(names.filter((name) => name !== ''));
}
