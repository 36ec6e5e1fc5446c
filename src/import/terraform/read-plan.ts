import type { SourceTree } from '../../source/tree.js';
import { emptyInventory, type Inventory } from '../inventory.js';
import { TERRAFORM_IRRELEVANT, unreadAttributes } from '../unread.js';
import { GROUP_READERS } from './groups.js';
import { attachInline, MACHINE_READERS } from './machines.js';
import { LAUNCH_READERS, MANAGED_READERS } from './managed.js';
import { NETWORK_READERS } from './network.js';
import { Plan } from './plan.js';
import { type ReadResource, ResourceReader } from './resource-reader.js';
import { ROUTE_READERS } from './routes.js';

const READERS: Readonly<Record<string, ReadResource>> = {
  ...NETWORK_READERS,
  ...GROUP_READERS,
  ...ROUTE_READERS,
  ...LAUNCH_READERS,
  ...MACHINE_READERS,
  ...MANAGED_READERS,
};

/** Types that refer to others come after these. */
export const PLAN_TYPES = Object.keys(READERS);

/** Reads a Terraform plan or state: what it will have made. */
export function readPlan(tree: SourceTree): Inventory {
  const inventory = emptyInventory();
  // A VPC that a plan makes has no gateway but those that it makes.
  inventory.listed.add('gateways');
  const readers = ResourceReader.ofPlan(new Plan(tree), inventory);
  const inOrder = [...readers].sort(
    (a, b) => PLAN_TYPES.indexOf(a.resource.type) - PLAN_TYPES.indexOf(b.resource.type),
  );
  const wasRead: ResourceReader[] = [];
  for (const reader of inOrder) {
    const { type, mode } = reader.resource;
    const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
    if (read !== undefined) {
      const refusal = read(reader);
      // Whoever has said what the plan does not tell needs not say what follows from it.
      if (refusal !== undefined && !reader.hasRefused) reader.refuse(refusal);
      if (!reader.hasRefused && mode === 'managed') wasRead.push(reader);
    } else if (mode === 'managed') {
      reader.leaveOut(`sglab builds nothing of the type ${type}`);
    }
  }
  attachInline(readers);
  // After all: some are read while others are.
  for (const { values, address } of wasRead) {
    inventory.unsupported.push(...unreadAttributes(values, address, TERRAFORM_IRRELEVANT));
  }
  return inventory;
}
