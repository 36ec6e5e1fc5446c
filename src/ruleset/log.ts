import type { DropCause, Stage } from '../verdict/types.js';
import { LOG_GROUP, LOG_SNAPLEN } from './names.js';

/** A stage at which the kernel itself drops. */
export type DropStage = Exclude<Stage, 'listener'>;

/** Statements that drop a packet silently after a report with stage and cause; the rule bits of the mark are zero. */
export function drop(stage: DropStage, cause: DropCause | null = null): string {
  const prefix = cause === null ? `drop ${stage}` : `drop ${stage} ${cause}`;
  return `counter meta mark set 0x0 ${log(prefix)} drop`;
}

/** Drops in the same way, for an entry of a network ACL: `acl-…/90`. */
export function denied(stage: 'nacl-outbound' | 'nacl-inbound', entry: string): string {
  return `counter meta mark set 0x0 ${log(`drop ${stage} ${entry}`)} drop`;
}

/** Reports a packet together with its mark. Without the threshold the kernel holds the record for up to a second. */
export function log(prefix: string): string {
  return `log prefix "${prefix}" group ${LOG_GROUP} snaplen ${LOG_SNAPLEN} queue-threshold 1`;
}
