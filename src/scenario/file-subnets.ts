import type { Subnet } from '../cloud/network/types.js';
import type { Path } from '../source/tree.js';
import type { BuildContext } from './build-context.js';
import type { SubnetDefinition } from './schema-topology.js';

/** A subnet that was built, with what the file says of it and where. */
export interface FileSubnet {
  readonly path: Path;
  readonly subnet: Subnet;
  readonly definition: SubnetDefinition;
}

export function subnetsOfFile({ definition, cloud }: BuildContext): FileSubnet[] {
  return Object.entries(definition.vpcs).flatMap(([vpcName, { subnets = {} }]) => {
    const vpc = Object.values(cloud.vpcs).find((candidate) => candidate.name === vpcName);
    return Object.entries(subnets).flatMap(([name, subnetDefinition]) => {
      const subnet = Object.values(cloud.subnets).find((each) => each.vpcId === vpc?.id && each.name === name);
      const path = ['vpcs', vpcName, 'subnets', name];
      return subnet === undefined ? [] : [{ path, subnet, definition: subnetDefinition }];
    });
  });
}
