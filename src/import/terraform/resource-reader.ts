import type { Cursor } from '../../source/cursor.js';
import type { SourceLocation } from '../../source/tree.js';
import { assume, type Inventory } from '../inventory.js';
import type { Plan, PlanResource } from './plan.js';
import { isOpen, References } from './references.js';

/** The types by which attributes can name a thing that Terraform has several types for. */
export const VPC_TYPES = ['aws_vpc', 'aws_default_vpc'];
export const SUBNET_TYPES = ['aws_subnet', 'aws_default_subnet'];
export const GROUP_TYPES = ['aws_security_group', 'aws_default_security_group'];

const WAY_OUT =
  'A state tells it (`terraform apply`, then `terraform show -json`), and so does a lab that Terraform fills (`sglab serve`);';

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
  #hasRefused = false;

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
    const { keys, unresolved } = this.#references.of(this.resource, attribute, types);
    const [only, second] = keys;
    if (only === undefined) return this.#guess(attribute, types, unresolved);
    if (second === undefined) return only;
    this.refuse(`the plan does not tell which one \`${attribute}\` is: ${keys.join(', ')}`);
    return null;
  }

  /** The VPC that the resource names. One that a `local` computes cannot be followed: where there is one VPC, it is that. */
  vpc(): string | null {
    const [only, second] = this.inventory.vpcs;
    if (only !== undefined && second === undefined && this.resource.values.at('vpc_id').isMissing) return only.key;
    return this.one('vpc_id', VPC_TYPES);
  }

  /** The keys of what an attribute names; in a block of the resource only those that are known. */
  many(attribute: string, types: readonly string[], values: Cursor = this.values): readonly string[] {
    const { keys, unresolved } = this.#references.of(this.resource, attribute, types, values);
    if (unresolved.length === 0) return keys;
    if (keys.length === 0) return [this.#guess(attribute, types, unresolved) ?? []].flat();
    this.refuse(unresolvedText(attribute, unresolved));
    return keys;
  }

  /** The keys of everything that an attribute with blocks refers to. */
  unknown(attribute: string, types: readonly string[]): readonly string[] {
    const { keys, unresolved } = this.#references.unknown(
      this.resource,
      this.resource.expressions.at(attribute),
      types,
    );
    if (keys.length > 0 || unresolved.length === 0) return keys;
    return [this.#guess(attribute, types, unresolved) ?? []].flat();
  }

  /** Refuses a value that the plan does not tell, unless nothing but AWS's default could be meant. */
  refuseIfOpen(attribute: string, value: Cursor): void {
    const isWritten = !this.resource.expressions.at(attribute).isMissing;
    if (isOpen(value) && isWritten) this.refuse(`the plan does not tell all of \`${attribute}\``);
  }

  /** A `local` stands for the only thing of the kind in its module; where there are more, or none, nobody can tell. */
  #guess(attribute: string, types: readonly string[], unresolved: readonly string[]): string | null {
    if (unresolved.length === 0) return null;
    const { module } = this.resource;
    const [only, second] = this.#plan.resources.filter(
      (each) => each.module === module && each.mode === 'managed' && types.includes(each.type),
    );
    if (only !== undefined && second === undefined && unresolved.every((text) => text.startsWith('local.'))) {
      const whose = module === '' ? 'the root module' : module;
      assume(
        this.inventory,
        `${unresolved.join(', ')} of ${this.address} is ${only.address}, the only one of ${whose}`,
      );
      return only.address;
    }
    this.refuse(unresolvedText(attribute, unresolved));
    return null;
  }

  /** The other resources of that type in the plan. */
  others(type: string): ResourceReader[] {
    return this.#plan.resources
      .filter((each) => each.type === type)
      .map((each) => new ResourceReader(each, this.#plan, this.#references, this.inventory));
  }

  /** Reports that the plan does not tell enough of the resource, or of a part of it. */
  refuse(reason: string): void {
    this.#hasRefused = true;
    const { address, inventory, place } = this;
    // Several blocks of one resource have the same to say.
    const isSaid = inventory.unsupported.some((item) => item.place.label === address && item.reason === reason);
    if (!isSaid) inventory.unsupported.push({ place, reason, lost: WAY_OUT, of: [address] });
  }

  /** Reports that sglab does not build the resource, or a part of it. @param of keys of what is incomplete then */
  leaveOut(reason: string, ...of: readonly string[]): undefined {
    this.#hasRefused = true;
    this.inventory.unsupported.push({ place: this.place, reason, of });
  }

  get hasRefused(): boolean {
    return this.#hasRefused;
  }
}

function unresolvedText(attribute: string, unresolved: readonly string[]): string {
  return `the plan does not tell what \`${attribute}\` is: ${unresolved.join(', ')}`;
}
