import { type Cursor, isSet } from '../source/cursor.js';
import { pathText } from '../source/tree.js';
import type { UnsupportedItem } from './inventory.js';
import type { IrrelevantAttributes } from './irrelevant.js';

/** What a resource asks for beside what was read, unless it is known to change no packet. `label`: the resource. */
export function unreadAttributes(resource: Cursor, label: string, irrelevant: IrrelevantAttributes): UnsupportedItem[] {
  const isIrrelevant = (key: string, value: unknown) =>
    irrelevant.always.includes(key) ||
    // What has another default than off is told when it is off.
    (Object.hasOwn(irrelevant.usual, key)
      ? !(isSet(value) || typeof value === 'boolean') || irrelevant.usual[key]?.includes(String(value)) === true
      : !isSet(value));
  return resource.unread(isIrrelevant).map((cursor) => {
    const path = cursor.path.slice(resource.path.length);
    return {
      place: cursor.place(`${label}.${pathText(path)}`),
      attribute: pathText(path.filter((step) => typeof step === 'string')),
      reason: 'sglab does not build this attribute',
    };
  });
}
