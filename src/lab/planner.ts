import { Derivations } from '../cloud/derive.js';
import type { Cloud } from '../cloud/types.js';
import { type MachineFile, machineFiles } from './machine.js';
import type { NamespacePlan, NamespaceState, States } from './namespace-state.js';
import { type Part, partsOf } from './plan-lab.js';

/**
 * The plan of a lab, brought from one cloud to the next: only what read something that differs is planned again, so a
 * change of a rule costs as much in a lab of a thousand machines as in one of two.
 */
export class Planner {
  readonly #derivations: Derivations;
  /** Those that are planned, by key. */
  #parts: ReadonlyMap<string, Part> = new Map();
  readonly #namesOf = new Map<string, readonly string[]>();
  readonly #states = new Map<string, NamespaceState>();
  /** Namespaces whose ruleset nobody has asked for since it may have changed: it is not known what it reads. */
  readonly #unread = new Set<string>();

  constructor(cloud: Cloud) {
    this.#derivations = new Derivations(cloud);
    this.moveTo(cloud);
  }

  /** Of the cloud of the moment: rulesets are worked out when they are asked for. */
  get states(): States {
    return this.#states;
  }

  /** What machines see of the cloud in files; the same object as long as it says the same. */
  get machineFiles(): readonly MachineFile[] {
    return this.#derivations.get('files of machines', machineFiles);
  }

  /** @returns names of the namespaces that may be wanted otherwise than before, or no longer */
  moveTo(cloud: Cloud): ReadonlySet<string> {
    const stale = this.#derivations.moveTo(cloud);
    const before = this.#parts;
    if (stale.has(PARTS) || before.size === 0) {
      this.#parts = new Map(this.#derivations.get(PARTS, partsOf).map((part) => [part.key, part]));
    }
    const isNew = before !== this.#parts;
    const gone = isNew ? [...before.keys()].filter((key) => !this.#parts.has(key)) : [];
    const added = isNew ? [...this.#parts.keys()].filter((key) => !before.has(key)) : [];
    const changed = [...stale].filter((key) => before.has(key) && this.#parts.has(key));
    for (const name of [...stale].flatMap((key) => nameIn(key) ?? [])) this.#unread.add(name);
    const touched = new Set(this.#unread);
    // A new part may have a namespace of the same name as one that is gone, so all go before any comes.
    for (const key of [...gone, ...changed]) for (const name of this.#drop(key)) touched.add(name);
    for (const key of [...changed, ...added]) for (const name of this.#plan(key)) touched.add(name);
    return touched;
  }

  #drop(key: string): readonly string[] {
    const names = this.#namesOf.get(key) ?? [];
    this.#namesOf.delete(key);
    this.#derivations.forget(key);
    for (const name of names) {
      this.#states.delete(name);
      this.#unread.delete(name);
      // It may be made of what its part read.
      this.#derivations.forget(rulesetKey(name));
    }
    return names;
  }

  #plan(key: string): readonly string[] {
    const part = this.#parts.get(key);
    const plans = part === undefined ? [] : this.#derivations.get(key, part.plan);
    for (const plan of plans) this.#states.set(plan.name, this.#stateOf(plan));
    const names = plans.map(({ name }) => name);
    this.#namesOf.set(key, names);
    return names;
  }

  #stateOf(plan: NamespacePlan): NamespaceState {
    const { ruleset } = plan;
    if (ruleset === null) return { ...plan, ruleset };
    this.#unread.add(plan.name);
    const read = () => {
      this.#unread.delete(plan.name);
      return this.#derivations.get(rulesetKey(plan.name), ruleset);
    };
    return { ...plan, ruleset: read };
  }
}

const PARTS = 'parts of the plan';
const RULESET = 'ruleset of ';

function rulesetKey(namespace: string): string {
  return `${RULESET}${namespace}`;
}

/** The namespace whose ruleset has this key. */
function nameIn(key: string): string | null {
  return key.startsWith(RULESET) ? key.slice(RULESET.length) : null;
}
