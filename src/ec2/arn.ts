import type { Cloud } from '../cloud/types.js';

/** @param resource kind and id: `security-group/sg-…` */
export function arn({ region, accountId }: Cloud, resource: string): string {
  return `arn:aws:ec2:${region}:${accountId}:${resource}`;
}
