/** Several probes in one line: `web-* -> db-1, db-2 tcp/5432,5433`. */
import { CloudError } from '../errors.js';
import type { Family } from '../groups/types.js';
import type { Cloud } from '../types.js';
import { machineNames, resolveEndpoint } from './endpoint.js';
import { isPattern, namesMatching } from './name-pattern.js';
import { makeProbe, type ProbeSpec, parseProbe } from './probe.js';
import { quote } from './quote.js';
import { hintFor } from './suggest.js';

/** Each sender to each receiver with all of the traffic. Names may be patterns; `probesOf` looks them up. */
export interface ProbePattern {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly traffic: readonly Traffic[];
  readonly family: Family | null;
}

type Traffic = Omit<ProbeSpec, 'from' | 'to' | 'family'>;

const FORM = /^\s*(\S+)\s*->\s*(\S+)\s+(\S+)\s*$/;

/** Reads `FROM, … -> TO, … WHAT, …`. Throws CloudError. */
export function parseProbes(text: string, family: Family | null = null): ProbePattern {
  const [, from, to, what] = FORM.exec(text.replace(/\s*,\s*/g, ',')) ?? [];
  // What is no probe at all is refused in the words that a single one gets.
  if (from === undefined || to === undefined || what === undefined) return patternOf(parseProbe(text, family));
  return { from: wordsOf(text, from), to: wordsOf(text, to), traffic: parseTrafficList(what), family };
}

/** `tcp/80,443`, `tcp/22,icmp`: a port without a protocol is of the protocol before it. Throws CloudError. */
export function parseTrafficList(text: string): Traffic[] {
  let protocol = '';
  return text.split(/\s*,\s*/).map((word) => {
    const what = /^\d+$/.test(word) && protocol !== '' ? `${protocol}/${word}` : word;
    protocol = /^(tcp|udp)\//i.exec(what)?.[1] ?? '';
    const { from: _from, to: _to, family: _family, ...traffic } = makeProbe({ from: '', to: '', what });
    return traffic;
  });
}

/** The one probe that a pattern without lists and `*` is; null for one that may be several. */
export function singleProbe({ from, to, traffic, family }: ProbePattern): ProbeSpec | null {
  const [one, otherFrom] = from;
  const [other, otherTo] = to;
  const [what, more] = traffic;
  if (one === undefined || other === undefined || what === undefined) return null;
  if (otherFrom !== undefined || otherTo !== undefined || more !== undefined) return null;
  return isPattern(one) || isPattern(other) ? null : { from: one, to: other, ...what, family };
}

/** All probes of the pattern in this cloud, none from a machine to itself. Throws CloudError for a name that means nothing. */
export function probesOf(cloud: Cloud, { from, to, traffic, family }: ProbePattern): ProbeSpec[] {
  const receivers = machinesCalled(cloud, to);
  return machinesCalled(cloud, from).flatMap((sender) =>
    receivers.flatMap((receiver) =>
      sender === receiver ? [] : traffic.map((what) => ({ from: sender, to: receiver, ...what, family })),
    ),
  );
}

/** The machines that words mean, each once, in the order of the words. Throws CloudError for a word that means none. */
export function machinesCalled(cloud: Cloud, words: readonly string[]): string[] {
  const names = machineNames(cloud);
  const called = words.flatMap((word) => {
    if (!isPattern(word)) {
      resolveEndpoint(cloud, word);
      return [word];
    }
    const found = namesMatching(names, word);
    if (found.length === 0) {
      throw new CloudError(
        'InvalidInstanceID.NotFound',
        `no machine of the lab ${cloud.name} is called ${quote(word)}`,
        hintFor(word, names),
      );
    }
    return found;
  });
  return [...new Set(called)];
}

function patternOf({ from, to, family, ...traffic }: ProbeSpec): ProbePattern {
  return { from: [from], to: [to], traffic: [traffic], family };
}

function wordsOf(text: string, list: string): string[] {
  const words = list.split(',');
  if (words.every((word) => word !== '')) return words;
  throw new CloudError('InvalidParameterValue', `${quote(text)} has a comma too many`, 'Write a, b -> c tcp/22.');
}
