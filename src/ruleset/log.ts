import { LOG_GROUP, LOG_SNAPLEN } from './names.js';

/** Where a packet can stop, in path order. */
export type DropStage = 'sg-egress' | 'source-dest-check' | 'nacl-outbound' | 'route' | 'nacl-inbound' | 'sg-ingress';
/** Why, where the stage alone does not say it; `allowance`: the instance has as many connections as it may. */
export type DropCause =
  | 'no-route'
  | 'no-public-address'
  | 'no-interface'
  | 'blackhole'
  | 'peering-not-active'
  | 'not-transitive'
  | 'egress-only'
  | 'not-begun-inside'
  | 'fragment'
  | 'untranslatable'
  | 'allowance';

/** The statements that end a packet's way: reported with stage and cause, rule bits of the mark zero, then silence. */
export function drop(stage: DropStage, cause: DropCause | null = null): string {
  const prefix = cause === null ? `drop ${stage}` : `drop ${stage} ${cause}`;
  return `counter meta mark set 0x0 ${log(prefix)} drop`;
}

/** The same for an entry of a network ACL: `acl-…/90`. */
export function denied(stage: 'nacl-outbound' | 'nacl-inbound', entry: string): string {
  return `counter meta mark set 0x0 ${log(`drop ${stage} ${entry}`)} drop`;
}

/** Reports a packet; its mark goes with it. Without the threshold the kernel holds the record for up to a second. */
export function log(prefix: string): string {
  return `log prefix "${prefix}" group ${LOG_GROUP} snaplen ${LOG_SNAPLEN} queue-threshold 1`;
}
