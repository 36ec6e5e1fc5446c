import type { Cursor } from '../../source/cursor.js';
import type { SourceLocation } from '../../source/tree.js';
import type { Inventory } from '../inventory.js';

/** A resource with its properties evaluated. */
export interface TemplateResource {
  readonly key: string;
  readonly type: string;
  readonly properties: Cursor;
  readonly place: SourceLocation;
}

/** Reads one resource into the inventory. */
export type TemplateReader = (inventory: Inventory, resource: TemplateResource) => void;

/** The fields that every item of the inventory has. */
export function headOf({ key, properties, place }: TemplateResource) {
  const tag = properties.items('Tags').find((each) => each.text('Key') === 'Name');
  return { key, id: null, name: tag?.text('Value') ?? kebab(key), place };
}

/** `PublicSubnet` -> `public-subnet` */
function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
