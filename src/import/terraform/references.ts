import type { Cursor } from '../../source/cursor.js';
import { type Plan, type PlanResource, parentModule } from './plan.js';

/** Modules pass references on to each other; real ones end long before. */
const MAX_DEPTH = 20;

/** References of which nothing is open when a plan is made. */
const KNOWN_AT_ONCE = /^(count|each|path|self|terraform|module)\b/;

/** The keys of resources, and references that lead to nothing that the plan tells. */
export interface Named {
  readonly keys: readonly string[];
  readonly unresolved: readonly string[];
}

/** Whose expression is followed, and where. */
interface Follower {
  readonly resource: PlanResource;
  readonly module: string;
  readonly index: string | null;
  readonly unresolved: Set<string>;
}

/** Finds what an attribute refers to whose value is known only after the plan was applied. */
export class References {
  readonly #plan: Plan;
  readonly #byId: ReadonlyMap<string, PlanResource>;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#byId = new Map(
      plan.resources.flatMap((resource) => {
        const id = resource.values.text('id');
        return id === null ? [] : [[id, resource] as const];
      }),
    );
  }

  /** What the attribute names, with ids for what is not in the plan. Several, where it should be one: the plan does not tell which. */
  of(resource: PlanResource, attribute: string, types: readonly string[], values: Cursor = resource.values): Named {
    const value = values.at(attribute);
    const items = Array.isArray(value.value) ? value.list() : [value];
    const known = items.flatMap((item) => item.asText() ?? []).map((id) => this.#byId.get(id)?.address ?? id);
    if (!isOpen(value)) return { keys: known, unresolved: [] };
    const open = this.unknown(resource, resource.expressions.at(attribute), types);
    return { keys: [...new Set([...known, ...open.keys])], unresolved: open.unresolved };
  }

  /** The same for the expression of a block in which the attribute stands. */
  unknown(resource: PlanResource, expression: Cursor, types: readonly string[]): Named {
    const unresolved = new Set<string>();
    const found = this.#follow({ resource, module: resource.module, index: resource.index, unresolved }, expression, 0);
    const keys = found.filter(({ type }) => types.includes(type)).map(({ address }) => address);
    return { keys: [...new Set(keys)], unresolved: [...unresolved] };
  }

  #follow(from: Follower, expression: Cursor, depth: number): PlanResource[] {
    if (depth > MAX_DEPTH) return [];
    const all = expressionsOf(expression).flatMap((each) => each.texts('references'));
    // Each reference is followed by what it is part of: `a.b.id`, `a.b`.
    const whole = all.filter(
      (text) => !all.some((other) => other.startsWith(`${text}.`) || other.startsWith(`${text}[`)),
    );
    return whole.flatMap((reference) => this.#target(from, reference, depth));
  }

  #target(from: Follower, reference: string, depth: number): PlanResource[] {
    const { module, index, resource } = from;
    const [, variable] = /^var\.([^.[]+)/.exec(reference) ?? [];
    if (variable !== undefined) {
      const expression = this.#plan.moduleCall(module).at('expressions').at(variable);
      return this.#follow({ ...from, module: parentModule(module) }, expression, depth + 1);
    }
    if (/^each\.value\b/.test(reference) && module === resource.module) {
      return this.#follow(from, resource.forEach, depth + 1);
    }
    const [, call, output, rest = ''] = /^(module\.[^.[]+(?:\[[^\]]*\])?)\.([^.[]+)(.*)$/.exec(reference) ?? [];
    if (call !== undefined && output !== undefined) {
      const child = module === '' ? call : `${module}.${call}`;
      const expression = this.#plan.module(child).at('outputs').at(output).at('expression');
      return this.#follow({ ...from, module: child, index: indexOf(rest) ?? index }, expression, depth + 1);
    }
    return this.#resources(from, reference);
  }

  #resources({ module, index, unresolved }: Follower, reference: string): PlanResource[] {
    const [, data, type, name, after = ''] = /^(data\.)?([^.[]+)\.([^.[]+)(.*)$/.exec(reference) ?? [];
    const mode = data === undefined ? 'managed' : 'data';
    const found = this.#plan.resources.filter(
      (each) => each.module === module && each.mode === mode && each.type === type && each.name === name,
    );
    // A plan has neither what a `local` is nor what it is made of.
    if (found.length === 0 && !KNOWN_AT_ONCE.test(reference)) unresolved.add(reference);
    const wanted = indexOf(after) ?? index;
    const exact = found.filter((each) => each.index === wanted);
    return exact.length > 0 ? exact : found;
  }
}

/** Whether some of the value is known only after the plan was applied. */
export function isOpen({ value }: Cursor): boolean {
  return value === undefined || (Array.isArray(value) && value.some((item) => item === null));
}

/** The expressions of one attribute, or of all in its blocks. */
function expressionsOf(expression: Cursor): Cursor[] {
  if (expression.isMissing) return [];
  if (Array.isArray(expression.value)) return expression.list().flatMap(expressionsOf);
  if (typeof expression.value !== 'object') return [];
  if (!expression.at('references').isMissing || !expression.at('constant_value').isMissing) return [expression];
  return expression.keys().flatMap((key) => expressionsOf(expression.at(key)));
}

function indexOf(text: string): string | null {
  return /^\["?([^"\]]*)"?\]/.exec(text)?.[1] ?? null;
}
