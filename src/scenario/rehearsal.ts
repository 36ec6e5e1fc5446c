/** The steps of a file are played on data before there is a lab, so that all of its mistakes are told at once. */
import { applyMutation } from '../changes/mutation.js';
import { machineOf } from '../changes/names.js';
import type { NamedThing, PlacedCheck, ReadChange } from '../changes/verb.js';
import type { Mutation } from '../changes/verbs.js';
import type { SecurityGroup } from '../cloud/groups/types.js';
import { named } from '../cloud/lookup.js';
import { Draft, groupedBy, searched } from '../cloud/records.js';
import { entryNames } from '../cloud/text/network-acl-text.js';
import { type PacketSpec, resolvePacket } from '../cloud/text/packet-spec.js';
import { type ProbeSpec, resolveProbe } from '../cloud/text/probe.js';
import { type ProbePattern, probesOf } from '../cloud/text/probe-pattern.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import type { Cloud } from '../cloud/types.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { FlowNames } from './flow-names.js';

interface Beginning {
  readonly problems: ProblemList;
  readonly cloud: Cloud;
  /** Names of the file that could not be made. A step that uses one is not to blame. */
  readonly failedNames: ReadonlySet<string>;
  /** The names of all machines of the file, including those that could not be built. */
  readonly machines: ReadonlySet<string>;
}

/** Groups by the ids and descriptions of their rules. */
const RULES = groupedBy<SecurityGroup>(({ rules }) =>
  rules.flatMap(({ id, description }) => (description === null ? [id] : [id, description])),
);

/**
 * Each step is checked against the cloud of its moment: changes are applied to a copy on the way, so that a probe may not
 * refer to a rule that an earlier step revoked.
 */
export class Rehearsal {
  readonly flows: FlowNames;
  readonly #beginning: Beginning;
  readonly #draft: Draft;
  /** False once something of the file is missing from the cloud: what then seems wrong may be right. */
  #isFaithful: boolean;

  constructor(beginning: Beginning) {
    this.flows = new FlowNames(beginning.problems);
    this.#beginning = beginning;
    this.#draft = new Draft(beginning.cloud);
    this.#isFaithful = beginning.problems.count === 0;
  }

  /** A step that cannot be read could have changed anything. */
  skip(): void {
    this.#isFaithful = false;
  }

  /** False for an end that could not be built: its own problem has been reported. */
  hasEnds({ from, to }: ProbeSpec): boolean {
    return ![from, to].some((word) => this.#isUnbuilt(word));
  }

  checkProbe(path: Path, probe: ProbeSpec): void {
    this.#beginning.problems.attempt(path, () => resolveProbe(this.#draft.cloud, probe));
  }

  /** The probes that the pattern means at this point, each of which must be possible. */
  checkProbes(path: Path, pattern: ProbePattern): readonly ProbeSpec[] {
    if ([...pattern.from, ...pattern.to].some((word) => this.#isUnbuilt(word))) return [];
    const probes = this.attempt(path, (cloud) => probesOf(cloud, pattern)) ?? [];
    const isPossible = (probe: ProbeSpec) => this.attempt(path, (cloud) => resolveProbe(cloud, probe)) !== undefined;
    return probes.every(isPossible) ? probes : [];
  }

  /** What is asked of the cloud of this point; undefined where its answer is a problem, or the cloud is not what it should be. */
  attempt<T>(path: Path, ask: (cloud: Cloud) => T): T | undefined {
    return this.#isFaithful ? this.#beginning.problems.attempt(path, () => ask(this.#draft.cloud)) : undefined;
  }

  refuse(path: Path, message: string, hint: string): void {
    this.#beginning.problems.add(path, { message, hint });
  }

  checkPacket(path: Path, packet: PacketSpec): void {
    this.#beginning.problems.attempt(path, () => resolvePacket(this.#draft.cloud, packet));
  }

  /** The word must be the id or description of a rule, or the name of an entry of a network ACL. */
  checkRule(path: Path, word: string): void {
    if (!this.#isFaithful) return;
    const { cloud } = this.#draft;
    if ((searched(cloud.securityGroups, RULES).get(word)?.size ?? 0) > 0) return;
    const entries = entryNames(cloud);
    if (entries.includes(word)) return;
    const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
    const known = word.includes('/') ? entries : rules.flatMap((rule) => rule.description ?? []);
    const hint = hintFor(word, [...new Set(known)]);
    const message = `no rule has the id or description ${quote(word)} at this point`;
    this.#beginning.problems.add(path, { message, hint: hint ?? null });
  }

  applyChange(path: Path, { mutation, names = [], peers = [] }: ReadChange<Mutation>): void {
    if (!names.every((name) => this.isFound(name)) || !this.#isFaithful) return;
    if (!peers.every((peer) => this.#passes(peer))) return;
    const apply = () => this.#draft.apply((cloud) => applyMutation(cloud, mutation));
    this.#isFaithful = this.#beginning.problems.attempt(path, apply) !== undefined;
  }

  /** False also for what the file has and what could not be built: its own problem says why. */
  isFound({ kind, word, check }: NamedThing): boolean {
    const isExcused = kind === 'group' ? this.#beginning.failedNames.has(word) : this.#isUnbuilt(word);
    return !isExcused && (check === null || this.#passes(check));
  }

  #passes({ path, find }: PlacedCheck): boolean {
    const isRight = this.#beginning.problems.attempt(path, () => find(this.#draft.cloud)) !== undefined;
    if (!isRight) this.#isFaithful = false;
    return isRight;
  }

  #isUnbuilt(word: string): boolean {
    const name = machineOf(word);
    const { cloud, machines } = this.#beginning;
    if (!machines.has(name)) return false;
    // The cloud of the beginning is asked, since a step may have terminated the machine.
    const { externalHosts, instances } = cloud;
    return !Object.hasOwn(externalHosts, name) && named(instances, name).length === 0;
  }
}
