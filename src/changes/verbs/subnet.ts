/** `subnet` associates a subnet with another route table or network ACL. */
import { byId } from '../../cloud/lookup.js';
import { associateNetworkAcl } from '../../cloud/network/network-acl.js';
import { associateRouteTable } from '../../cloud/network/route-table.js';
import { resolveNetworkAcl, resolveRouteTable, resolveSubnet } from '../../cloud/text/resolve.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface AssociateSubnet {
  readonly type: 'subnet';
  readonly name: string;
  /** `main` is the VPC's main one; left out: the association stays. */
  readonly routeTable?: string;
  /** `default` is the VPC's default one; left out: the association stays. */
  readonly networkAcl?: string;
}

const schema = ({ z }: SchemaParts) =>
  z
    .strictObject({
      name: z.string().describe('The subnet’s name. Example: `name: public`'),
      routeTable: z.string().optional().describe('`main`: the VPC’s main one. Example: `routeTable: dmz`'),
      networkAcl: z.string().optional().describe('`default`: the VPC’s default one. Example: `networkAcl: strict`'),
    })
    .describe('Associates a subnet with something else. Example: `subnet: { name: public, routeTable: dmz }`');

export const subnet: Verb<AssociateSubnet, DefinitionOf<typeof schema>> = {
  key: 'subnet',
  schema,
  read({ problems, path }, { name, routeTable, networkAcl }) {
    if ((routeTable ?? networkAcl) === undefined) {
      problems.add(path, { message: 'nothing to change', hint: 'Write `routeTable` or `networkAcl`.' });
    }
    const associations = {
      ...(routeTable === undefined ? {} : { routeTable }),
      ...(networkAcl === undefined ? {} : { networkAcl }),
    };
    return { mutation: { type: 'subnet', name, ...associations } };
  },
  apply(cloud, { name, routeTable, networkAcl }) {
    const { id, vpcId } = resolveSubnet(cloud, name);
    const vpc = byId(cloud.vpcs, vpcId);
    let next = cloud;
    if (routeTable !== undefined) {
      const table = resolveRouteTable(cloud, routeTable, vpcId).id;
      next = associateRouteTable(next, id, table === vpc.mainRouteTableId ? null : table).cloud;
    }
    if (networkAcl !== undefined) {
      const list = resolveNetworkAcl(cloud, networkAcl, vpcId).id;
      next = associateNetworkAcl(next, id, list === vpc.defaultNetworkAclId ? null : list);
    }
    return next;
  },
  text({ name, routeTable, networkAcl }) {
    const associations = [
      ...(routeTable === undefined ? [] : [`route table ${routeTable}`]),
      ...(networkAcl === undefined ? [] : [`network ACL ${networkAcl}`]),
    ];
    return `subnet ${name}: ${associations.join(', ')}`;
  },
  step: ({ type: _, ...associations }) => associations,
};
