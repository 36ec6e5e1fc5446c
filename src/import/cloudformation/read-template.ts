import { Cursor } from '../../source/cursor.js';
import type { SourceTree } from '../../source/tree.js';
import { emptyInventory, type Inventory } from '../inventory.js';
import { TEMPLATE_IRRELEVANT, unreadAttributes } from '../unread.js';
import { addDefaultEgress, TEMPLATE_GROUP_READERS } from './groups.js';
import { TEMPLATE_MACHINE_READERS } from './machines.js';
import { TEMPLATE_NETWORK_READERS } from './network.js';
import type { TemplateReader, TemplateResource } from './resource.js';
import { Template } from './template.js';

const READERS: Readonly<Record<string, TemplateReader>> = {
  ...TEMPLATE_NETWORK_READERS,
  ...TEMPLATE_GROUP_READERS,
  ...TEMPLATE_MACHINE_READERS,
};

const ORDER = Object.keys(READERS);

/** Reads what a CloudFormation template makes with the defaults of its parameters. */
export function readTemplate(tree: SourceTree): Inventory {
  const inventory = emptyInventory();
  const template = new Template(Cursor.root(tree));
  const resources = template.resources.keys().flatMap((key) => evaluated(inventory, template, key) ?? []);
  const wasRead: TemplateResource[] = [];
  for (const resource of resources.sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type))) {
    const read = Object.hasOwn(READERS, resource.type) ? READERS[resource.type] : undefined;
    if (read !== undefined) {
      const before = inventory.unsupported.length;
      read(inventory, resource);
      // Who was refused is listed as a whole.
      if (inventory.unsupported.length === before) wasRead.push(resource);
    } else {
      inventory.unsupported.push({
        place: resource.place,
        reason: `sglab builds nothing of the type ${resource.type}`,
      });
    }
  }
  for (const { properties, key } of wasRead) {
    inventory.unsupported.push(...unreadAttributes(properties, key, TEMPLATE_IRRELEVANT));
  }
  addDefaultEgress(inventory);
  return inventory;
}

/** Resources that cannot be read are not evaluated: their functions need not be known. */
function evaluated(inventory: Inventory, template: Template, key: string): TemplateResource | undefined {
  const item = template.resources.at(key);
  const type = item.needText('Type');
  const place = item.place(key);
  const condition = item.text('Condition');
  if (condition !== null && !template.condition(condition, item)) {
    inventory.assumed.push(`${key} is not made: its condition ${condition} is false with the parameters' defaults`);
    return undefined;
  }
  const properties = item.at('Properties');
  if (!Object.hasOwn(READERS, type)) return { key, type, properties, place };
  const values = template.evaluate(properties.value ?? {}, item);
  return { key, type, properties: new Cursor(item.tree, properties.path, values), place };
}
