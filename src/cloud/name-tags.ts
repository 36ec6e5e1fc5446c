import { createTags, tagsOf } from './tags.js';
import type { Cloud } from './types.js';

/**
 * What was given a name in a file, and has no other name in AWS, has it as its tag `Name`. Security groups and prefix lists
 * have names of their own.
 */
export function withNameTags(cloud: Cloud): Cloud {
  const { vpcs, subnets, routeTables, networkAcls, peerings, gatewayEndpoints, transitGateways, instances } = cloud;
  const named = [vpcs, subnets, routeTables, networkAcls, peerings, gatewayEndpoints, transitGateways, instances];
  return named
    .flatMap((record) => Object.values(record))
    .filter(({ id }) => tagsOf(cloud, id).Name === undefined)
    .reduce((before, { id, name }) => createTags(before, [id], { Name: name }), cloud);
}
