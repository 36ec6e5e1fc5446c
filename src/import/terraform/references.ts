import type { Cursor } from '../../source/cursor.js';
import { type Plan, type PlanResource, parentModule } from './plan.js';

/** Modules pass references on to each other; real ones end long before. */
const MAX_DEPTH = 20;

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

  /**
   * The keys of what the attribute names: addresses of resources of the plan, and ids of others. Several for an attribute
   * that should name one: the plan does not tell which.
   */
  of(resource: PlanResource, attribute: string, types: readonly string[], values: Cursor = resource.values): string[] {
    const value = values.at(attribute);
    const known = Array.isArray(value.value)
      ? value.list().flatMap((item) => item.asText() ?? [])
      : [value.asText() ?? []].flat();
    if (known.length > 0) return known.map((id) => this.#byId.get(id)?.address ?? id);
    return this.unknown(resource, resource.expressions.at(attribute), types);
  }

  /** The same for the expression of a block in which the attribute stands. */
  unknown(resource: PlanResource, expression: Cursor, types: readonly string[]): string[] {
    const found = this.#follow(resource.module, expression, resource.index, 0);
    return [...new Set(found.filter(({ type }) => types.includes(type)).map(({ address }) => address))];
  }

  #follow(module: string, expression: Cursor, index: string | null, depth: number): PlanResource[] {
    if (depth > MAX_DEPTH) return [];
    const all = expressionsOf(expression).flatMap((each) => each.texts('references'));
    // Each reference is followed by what it is part of: `a.b.id`, `a.b`.
    const whole = all.filter(
      (text) => !all.some((other) => other.startsWith(`${text}.`) || other.startsWith(`${text}[`)),
    );
    return whole.flatMap((reference) => this.#target(module, reference, index, depth));
  }

  #target(module: string, reference: string, index: string | null, depth: number): PlanResource[] {
    const [, variable] = /^var\.([^.[]+)/.exec(reference) ?? [];
    if (variable !== undefined) {
      const expression = this.#plan.moduleCall(module).at('expressions').at(variable);
      return this.#follow(parentModule(module), expression, index, depth + 1);
    }
    const [, call, output, rest = ''] = /^(module\.[^.[]+(?:\[[^\]]*\])?)\.([^.[]+)(.*)$/.exec(reference) ?? [];
    if (call !== undefined && output !== undefined) {
      const child = module === '' ? call : `${module}.${call}`;
      const expression = this.#plan.module(child).at('outputs').at(output).at('expression');
      return this.#follow(child, expression, indexOf(rest) ?? index, depth + 1);
    }
    const [, data, type, name, after = ''] = /^(data\.)?([^.[]+)\.([^.[]+)(.*)$/.exec(reference) ?? [];
    const mode = data === undefined ? 'managed' : 'data';
    const found = this.#plan.resources.filter(
      (each) => each.module === module && each.mode === mode && each.type === type && each.name === name,
    );
    const wanted = indexOf(after) ?? index;
    const exact = found.filter((each) => each.index === wanted);
    return exact.length > 0 ? exact : found;
  }
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
