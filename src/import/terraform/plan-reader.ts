import type { Cursor } from '../../source/cursor.js';
import type { Place } from '../../source/tree.js';
import type { Inventory } from '../inventory.js';
import type { Plan, PlanResource } from './plan.js';
import { References } from './references.js';

/** What the readers of single resources share. */
export class PlanReader {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly #references: References;

  constructor(plan: Plan, inventory: Inventory) {
    this.plan = plan;
    this.inventory = inventory;
    this.#references = new References(plan);
  }

  place({ values, address }: PlanResource): Place {
    return values.place(address);
  }

  /** What every thing has: `prefix` is that of its ids. */
  head(resource: PlanResource, prefix: string) {
    const id = resource.values.text('id');
    const isKnown = id !== null && new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id);
    const tag = resource.values.at('tags').isMissing ? null : resource.values.at('tags').text('Name');
    const { index, name } = resource;
    return {
      key: resource.address,
      id: isKnown ? id : null,
      name: tag ?? (index === null ? name : `${name}-${/^\d+$/.test(index) ? Number(index) + 1 : index}`),
      place: this.place(resource),
    };
  }

  /** The key of the one thing that an attribute names; null if there is none, or the plan does not tell which. */
  one(resource: PlanResource, attribute: string, types: readonly string[], values?: Cursor): string | null {
    const found = this.#references.of(resource, attribute, types, values);
    const [only, second] = found;
    if (second === undefined) return only ?? null;
    const reason = `the plan does not tell which one \`${attribute}\` is: ${found.join(', ')}`;
    this.inventory.unsupported.push({ place: this.place(resource), reason });
    return null;
  }

  /** The keys of what an attribute names. */
  many(resource: PlanResource, attribute: string, types: readonly string[], values?: Cursor): string[] {
    return this.#references.of(resource, attribute, types, values);
  }

  /** The keys of everything that an attribute with blocks refers to. */
  unknown(resource: PlanResource, attribute: string, types: readonly string[]): string[] {
    return this.#references.unknown(resource, resource.expressions.at(attribute), types);
  }

  /** Says that a resource cannot be used without what the attribute should name. */
  refuse(resource: PlanResource, reason: string): void {
    this.inventory.unsupported.push({ place: this.place(resource), reason });
  }
}
