import type { Cursor } from '../../source/cursor.js';
import type { SourceLocation } from '../../source/tree.js';
import type { Inventory } from '../inventory.js';
import type { Plan, PlanResource } from './plan.js';
import { References } from './references.js';

/** The types by which attributes can name a thing that Terraform has several types for. */
export const VPC_TYPES = ['aws_vpc', 'aws_default_vpc'];
export const SUBNET_TYPES = ['aws_subnet', 'aws_default_subnet'];
export const GROUP_TYPES = ['aws_security_group', 'aws_default_security_group'];

/** Why a resource cannot be used, if it cannot. */
export type Refusal = string | undefined;

/** Reads one resource into the inventory. */
export type ReadResource = (reader: ResourceReader) => Refusal;

/** One resource of a plan, as the function sees it that reads it into the inventory. */
export class ResourceReader {
  readonly resource: PlanResource;
  readonly inventory: Inventory;
  readonly #plan: Plan;
  readonly #references: References;

  private constructor(resource: PlanResource, plan: Plan, references: References, inventory: Inventory) {
    this.resource = resource;
    this.inventory = inventory;
    this.#plan = plan;
    this.#references = references;
  }

  /** One for each resource of the plan. */
  static ofPlan(plan: Plan, inventory: Inventory): ResourceReader[] {
    const references = new References(plan);
    return plan.resources.map((resource) => new ResourceReader(resource, plan, references, inventory));
  }

  /** The key of the resource in the inventory. */
  get address(): string {
    return this.resource.address;
  }

  get values(): Cursor {
    return this.resource.values;
  }

  get place(): SourceLocation {
    return this.values.place(this.address);
  }

  /** The fields that every item of the inventory has: `prefix` is that of its ids. */
  head(prefix: string) {
    const { values, resource } = this;
    const id = values.text('id');
    const isKnown = id !== null && new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id);
    const tag = values.at('tags').isMissing ? null : values.at('tags').text('Name');
    const { index, name } = resource;
    return {
      key: this.address,
      id: isKnown ? id : null,
      name: tag ?? (index === null ? name : `${name}-${/^\d+$/.test(index) ? Number(index) + 1 : index}`),
      place: this.place,
    };
  }

  /** The key of the one thing that an attribute names; null if there is none, or the plan does not tell which. */
  one(attribute: string, types: readonly string[]): string | null {
    const found = this.many(attribute, types);
    const [only, second] = found;
    if (second === undefined) return only ?? null;
    this.refuse(`the plan does not tell which one \`${attribute}\` is: ${found.join(', ')}`);
    return null;
  }

  /** The VPC that the resource names. One that a `local` computes cannot be followed: where there is one VPC, it is that. */
  vpc(): string | null {
    const named = this.one('vpc_id', VPC_TYPES);
    const [only, second] = this.inventory.vpcs;
    return named ?? (only === undefined || second !== undefined ? null : only.key);
  }

  /** The keys of what an attribute names. */
  many(attribute: string, types: readonly string[], values: Cursor = this.values): string[] {
    return this.#references.of(this.resource, attribute, types, values);
  }

  /** The keys of everything that an attribute with blocks refers to. */
  unknown(attribute: string, types: readonly string[]): string[] {
    return this.#references.unknown(this.resource, this.resource.expressions.at(attribute), types);
  }

  /** The other resources of that type in the plan. */
  others(type: string): ResourceReader[] {
    return this.#plan.resources
      .filter((each) => each.type === type)
      .map((each) => new ResourceReader(each, this.#plan, this.#references, this.inventory));
  }

  /** Reports that the resource, or a part of it, is left out. */
  refuse(reason: string): void {
    this.inventory.unsupported.push({ place: this.place, reason });
  }
}
