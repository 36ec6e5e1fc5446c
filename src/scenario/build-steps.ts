import { applyMutation, type Mutation } from '../changes/mutation.js';
import { resolveInstance, resolveMachine } from '../cloud/text/endpoint.js';
import { hintFor } from '../cloud/text/nearest-word.js';
import { entryNames } from '../cloud/text/network-acl-words.js';
import { resolvePacket } from '../cloud/text/packet-spec.js';
import { resolveProbe } from '../cloud/text/probe.js';
import { quote } from '../cloud/text/quote.js';
import { resolveGroup } from '../cloud/text/resolve.js';
import type { Cloud } from '../cloud/types.js';
import type { Path, SourceTree } from '../source/tree.js';
import type { BuildContext } from './build-context.js';
import { FlowNames } from './flow-names.js';
import { machineNames } from './machine-names.js';
import { checkPeer, type PlacedRule } from './read-rules.js';
import { readStep } from './read-step.js';
import type { ReadStep } from './step-place.js';
import type { OpenStep, PacketStep, ProbeStep, Step } from './types.js';

/**
 * The steps in order. Each is checked against the cloud of its moment: mutations are applied to a copy on the way, so
 * that a probe may not refer to a rule that an earlier step revoked.
 */
export function buildSteps(context: BuildContext, source: SourceTree): Step[] {
  const rehearsal = new Rehearsal(context);
  return (context.definition.steps ?? []).flatMap((definition, position) => {
    const path = ['steps', position];
    const read = readStep({ problems: context.problems, path, line: source.positionOf(path).line }, definition);
    if (read === undefined) {
      rehearsal.skip();
      return [];
    }
    rehearsal.play(path, read);
    return [read.step];
  });
}

/** Plays the steps on data only. */
class Rehearsal {
  readonly #context: BuildContext;
  readonly #machines: ReadonlySet<string>;
  readonly #flows: FlowNames;
  #cloud: Cloud;
  /** False once something of the file is missing from the cloud: what then seems wrong may be right. */
  #isFaithful: boolean;

  constructor(context: BuildContext) {
    this.#context = context;
    this.#machines = machineNames(context.definition);
    this.#flows = new FlowNames(context.problems);
    this.#cloud = context.cloud;
    this.#isFaithful = context.problems.count === 0;
  }

  /** A step that cannot be read could have changed anything. */
  skip(): void {
    this.#isFaithful = false;
  }

  play(path: Path, { step, verb, rules }: ReadStep): void {
    const place = [...path, verb];
    switch (step.type) {
      case 'probe':
        this.#playProbe(path, step);
        break;
      case 'mutate':
        this.#playMutation(place, step.mutation, rules);
        break;
      case 'open':
        this.#playOpen(path, step);
        break;
      case 'flow':
        this.#flows.use(place, step.flow);
        break;
      case 'end':
        this.#flows.end(place, step.flow);
        break;
      case 'packet':
        this.#playPacket(path, step);
        break;
      case 'advance':
      case 'wait':
        break;
      default:
        this.#checkMachine([...place, 'on'], step.on);
    }
  }

  #playProbe(path: Path, { probe, expect }: ProbeStep): void {
    if ([probe.from, probe.to].some((word) => this.#isUnbuilt(word))) return;
    this.#context.problems.attempt([...path, 'probe'], () => resolveProbe(this.#cloud, probe));
    if (!this.#isFaithful) return;
    for (const word of expect.rules) this.#checkRule([...path, 'rule'], word);
  }

  #playOpen(path: Path, { flow, probe }: OpenStep): void {
    this.#flows.open([...path, 'open', 'flow'], flow);
    if ([probe.from, probe.to].some((word) => this.#isUnbuilt(word))) return;
    this.#context.problems.attempt([...path, 'open', 'probe'], () => resolveProbe(this.#cloud, probe));
  }

  #playPacket(path: Path, { packet }: PacketStep): void {
    const place = [...path, 'packet'];
    if (packet.about !== null) this.#flows.use([...place, 'about'], packet.about);
    if ([packet.probe.from, packet.probe.to].some((word) => this.#isUnbuilt(word))) return;
    this.#context.problems.attempt(place, () => resolvePacket(this.#cloud, packet));
  }

  #playMutation(path: Path, mutation: Mutation, rules: readonly PlacedRule[]): void {
    if (!this.#checkNames(path, mutation) || !this.#isFaithful) return;
    const { problems } = this.#context;
    if (!this.#checkPeers(mutation, rules)) return;
    const next = problems.attempt(path, () => applyMutation(this.#cloud, mutation));
    this.#cloud = next ?? this.#cloud;
    this.#isFaithful = next !== undefined;
  }

  #checkNames(path: Path, mutation: Mutation): boolean {
    if ('group' in mutation && !this.#checkGroup([...path, 'group'], mutation)) return false;
    if ('instance' in mutation) {
      const machine = machineOf(mutation.instance);
      return this.#check([...path, 'instance'], machine, () => resolveInstance(this.#cloud, machine));
    }
    return 'on' in mutation ? this.#checkMachine([...path, 'on'], mutation.on) : true;
  }

  /** Whether the group exists; an attachment may name one that only its own VPC's groups tell from others. */
  #checkGroup(path: Path, mutation: Mutation & { group: string }): boolean {
    if (this.#context.failedNames.has(mutation.group)) return false;
    if ('instance' in mutation) return true;
    return this.#check(path, null, () => resolveGroup(this.#cloud, mutation.group));
  }

  #checkPeers(mutation: Mutation, rules: readonly PlacedRule[]): boolean {
    if (!('group' in mutation)) return true;
    const group = rules.length === 0 ? undefined : resolveGroup(this.#cloud, mutation.group);
    const { problems } = this.#context;
    this.#isFaithful = rules.every((rule) => group && checkPeer(problems, this.#cloud, group, rule) !== undefined);
    return this.#isFaithful;
  }

  #checkMachine(path: Path, word: string): boolean {
    return this.#check(path, word, () => resolveMachine(this.#cloud, word));
  }

  /** Runs the check unless the machine is one that the file has and that could not be built. */
  #check(path: Path, machine: string | null, check: () => object): boolean {
    if (machine !== null && this.#isUnbuilt(machine)) return false;
    const isGood = this.#context.problems.attempt(path, check) !== undefined;
    if (!isGood) this.#isFaithful = false;
    return isGood;
  }

  #isUnbuilt(word: string): boolean {
    const name = machineOf(word);
    if (!this.#machines.has(name)) return false;
    // At the beginning: a step may have terminated it since.
    const { externalHosts, instances } = this.#context.cloud;
    return !Object.hasOwn(externalHosts, name) && !Object.values(instances).some((instance) => instance.name === name);
  }

  #checkRule(path: Path, word: string): void {
    const rules = Object.values(this.#cloud.securityGroups).flatMap((group) => group.rules);
    const entries = entryNames(this.#cloud);
    if (entries.includes(word) || rules.some((rule) => rule.id === word || rule.description === word)) return;
    const known = word.includes('/') ? entries : rules.flatMap((rule) => rule.description ?? []);
    const hint = hintFor(word, [...new Set(known)]);
    const message = `no rule has the id or description ${quote(word)} at this point`;
    this.#context.problems.add(path, { message, hint: hint ?? null });
  }
}

/** `web-1.eth1` and `web-1.public` are about web-1. */
function machineOf(word: string): string {
  return word.replace(/\.(eth\d+|public)$/, '');
}
