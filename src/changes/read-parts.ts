/** Values that verbs and the sections of a file read in the same way. */
import { parseListener } from '../cloud/instances/listener.js';
import type { Listener } from '../cloud/instances/types.js';
import type { ConnectionTrackingInput } from '../cloud/interfaces/connection-tracking.js';
import type { Path } from '../source/tree.js';
import type { ConnectionTrackingDefinition } from './schema-parts.js';
import type { Place } from './verb.js';

/** The list that one value or several stand for. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/** The items of one value or a list, each with its own place. */
export function itemsWithPaths<T>(path: Path, value: T | readonly T[] | undefined): { item: T; path: Path }[] {
  if (value === undefined) return [];
  if (!isList(value)) return [{ item: value, path }];
  return value.map((item, position) => ({ item, path: [...path, position] }));
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** `[tcp/443, 47]`, each checked in its place. */
export function readListeners(
  { problems, path }: Place,
  value: string | number | readonly (string | number)[] | undefined,
): Listener[] {
  return itemsWithPaths(path, value).flatMap(
    ({ item, path: place }) => problems.attempt(place, () => parseListener(String(item))) ?? [],
  );
}

/** The time-outs that the definition has, as the cloud takes them. */
export function timeoutsOf(definition: ConnectionTrackingDefinition): ConnectionTrackingInput {
  const { tcpEstablishedTimeout, udpStreamTimeout, udpTimeout } = definition;
  return {
    ...(tcpEstablishedTimeout === undefined ? {} : { tcpEstablishedTimeout }),
    ...(udpStreamTimeout === undefined ? {} : { udpStreamTimeout }),
    ...(udpTimeout === undefined ? {} : { udpTimeout }),
  };
}
