import { CloudError } from './errors.js';
import { type IdPrefix, isId } from './ids.js';
import { quote } from './text/quote.js';
import type { Cloud } from './types.js';

/** Throws CloudError unless what has the id `own` can have the wanted one. `taken`: the ids of everything else. */
export function checkGivenId(taken: ReadonlySet<string>, own: string, wanted: string): void {
  const prefix = own.slice(0, own.indexOf('-')) as IdPrefix;
  if (!isId(prefix, wanted)) {
    throw new CloudError(
      'InvalidParameterValue',
      `${quote(wanted)} is not an id of this kind`,
      `Write ${prefix}- and 17 (or 8) hexadecimal digits.`,
    );
  }
  if (taken.has(wanted)) {
    throw new CloudError('InvalidParameterValue', `${wanted} is the id of something else`, 'Ids are unique in a lab.');
  }
}

/** The cloud in which things have given ids (own -> given) instead of their own, wherever they are referred to. */
export function giveIds(cloud: Cloud, given: ReadonlyMap<string, string>): Cloud {
  return given.size === 0 ? cloud : renamed(cloud, (text) => given.get(text) ?? text);
}

/** Every id of the cloud. */
export function idsOf(cloud: Cloud): Set<string> {
  const records = Object.values(cloud).filter((value) => typeof value === 'object');
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules.map(({ id }) => id));
  return new Set([...records.flatMap((record) => Object.keys(record)), ...rules]);
}

/** A copy with each text, keys included, renamed. Parts without the text are not copied. */
function renamed<T>(value: T, rename: (text: string) => string): T {
  if (typeof value === 'string') return rename(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => renamed(item, rename));
    return (items.some((item, position) => item !== value[position]) ? items : value) as T;
  }
  let isSame = true;
  const entries = Object.entries(value).map(([key, item]) => {
    const entry = [rename(key), renamed(item, rename)] as const;
    if (entry[0] !== key || entry[1] !== item) isSame = false;
    return entry;
  });
  return isSame ? value : (Object.fromEntries(entries) as T);
}
