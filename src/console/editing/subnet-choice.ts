/** Which subnets of a VPC are associated with a network ACL or route table, as a form. Pure. */
import type { Subnet } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import type { Item, Row } from './rows.js';

export interface SubnetChoice {
  readonly isChosen: boolean;
}

export function subnetItems(
  cloud: Cloud,
  vpcId: string,
  isAssociated: (subnet: Subnet) => boolean,
): Item<SubnetChoice>[] {
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpcId);
  return subnets.map((subnet) => ({ id: subnet.id, value: { isChosen: isAssociated(subnet) } }));
}

/** The subnets whose association the form changes, by what becomes of it. */
export function changedSubnets(rows: readonly Row<SubnetChoice>[]): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
} {
  const changed = rows.flatMap(({ item, value }) =>
    item === null || item.value.isChosen === value.isChosen ? [] : [{ id: item.id, isChosen: value.isChosen }],
  );
  const of = (isChosen: boolean) => changed.filter((each) => each.isChosen === isChosen).map(({ id }) => id);
  return { added: of(true), removed: of(false) };
}
