/** Attachments have no life of their own: the id of one is made of the interface's and says where it is. */
import { createHash } from 'node:crypto';
import { CloudError } from '../errors.js';
import { allInterfaces } from '../lookup.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { IdleInterface, NetworkInterface } from './types.js';

/** `eni-attach-` and 17 hexadecimal digits; null for an interface that is `available`. */
export function attachmentIdOf(eni: IdleInterface | NetworkInterface): string | null {
  if (eni.instanceId === null) return null;
  const place = `${eni.id} ${eni.instanceId} ${eni.deviceIndex}`;
  return `eni-attach-${createHash('sha256').update(place).digest('hex').slice(0, 17)}`;
}

/** The interface that is attached so. Throws AWS's NotFound error. */
export function interfaceOfAttachment(cloud: Cloud, attachmentId: string): IdleInterface | NetworkInterface {
  const eni = allInterfaces(cloud).find((each) => attachmentIdOf(each) === attachmentId);
  if (eni !== undefined) return eni;
  const text = `The attachment '${printable(attachmentId)}' does not exist.`;
  throw new CloudError('InvalidAttachmentID.NotFound', text);
}
