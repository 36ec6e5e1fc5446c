import type { SourceTree } from '../../source/tree.js';
import { emptyInventory, type Inventory } from '../inventory.js';
import { TERRAFORM_IRRELEVANT } from '../irrelevant.js';
import { unreadAttributes } from '../unread.js';
import { Plan, type PlanResource } from './plan.js';
import { PlanReader } from './plan-reader.js';
import { GROUP_READERS } from './read-groups.js';
import { attachInline, MACHINE_READERS } from './read-machines.js';
import { NETWORK_READERS } from './read-network.js';
import { ROUTE_READERS } from './read-routes.js';

/** Why a resource cannot be used, if it cannot. */
export type Refusal = string | undefined;

/** Reads one resource into the inventory. */
export type ResourceReader = (reader: PlanReader, resource: PlanResource) => Refusal;

const READERS: Readonly<Record<string, ResourceReader>> = {
  ...NETWORK_READERS,
  ...GROUP_READERS,
  ...ROUTE_READERS,
  ...MACHINE_READERS,
};

/** Types that refer to others come after these. */
const ORDER = Object.keys(READERS);

/** What a Terraform plan or state will have made. */
export function readPlan(tree: SourceTree): Inventory {
  const inventory = emptyInventory();
  const plan = new Plan(tree);
  const reader = new PlanReader(plan, inventory);
  const resources = [...plan.resources].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
  const wasRead: PlanResource[] = [];
  for (const resource of resources) {
    const read = Object.hasOwn(READERS, resource.type) ? READERS[resource.type] : undefined;
    if (read !== undefined) {
      const refusal = read(reader, resource);
      if (refusal !== undefined) reader.refuse(resource, refusal);
      else if (resource.mode === 'managed') wasRead.push(resource);
    } else if (resource.mode === 'managed') {
      inventory.unsupported.push({
        place: reader.place(resource),
        reason: `sglab builds nothing of the type ${resource.type}`,
      });
    }
  }
  attachInline(reader);
  // After all: some are read while others are.
  for (const { values, address } of wasRead) {
    inventory.unsupported.push(...unreadAttributes(values, address, TERRAFORM_IRRELEVANT));
  }
  return inventory;
}
