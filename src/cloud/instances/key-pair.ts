/** Key pairs of SSH: named, and of no effect in a lab, where nobody logs in. */

import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { withEntry, withoutEntry } from '../lookup.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { KeyPair } from './types.js';

/** CreateKeyPair, ImportKeyPair. Throws CloudError for a name that is taken. */
export function createKeyPair(cloud: Cloud, input: Omit<KeyPair, 'id'>): { cloud: Cloud; keyPair: KeyPair } {
  if (findKeyPair(cloud, input.name) !== undefined) {
    throw new CloudError('InvalidKeyPair.Duplicate', `The keypair '${printable(input.name)}' already exists.`);
  }
  const base = nextSerial(cloud);
  const keyPair: KeyPair = { id: makeId(base, 'key'), ...input };
  return { cloud: { ...base, keyPairs: withEntry(base.keyPairs, keyPair) }, keyPair };
}

/** DeleteKeyPair by name or id; nothing happens where there is none. */
export function deleteKeyPair(cloud: Cloud, word: string): Cloud {
  const keyPair = findKeyPair(cloud, word);
  return keyPair === undefined ? cloud : { ...cloud, keyPairs: withoutEntry(cloud.keyPairs, keyPair.id) };
}

export function findKeyPair(cloud: Cloud, word: string): KeyPair | undefined {
  return Object.values(cloud.keyPairs).find(({ id, name }) => id === word || name === word);
}
