/** Everything that VPCs consist of, apart from security groups and machines. */
import { addressActions } from './addresses.js';
import { cidrBlockActions } from './cidr-blocks.js';
import { internetGatewayActions } from './internet-gateways.js';
import { natGatewayActions } from './nat-gateways.js';
import { networkAclEntryActions } from './network-acl-entries.js';
import { networkAclActions } from './network-acls.js';
import { peeringActions } from './peerings.js';
import { routeTableActions } from './route-tables.js';
import { routeActions } from './routes.js';
import { subnetActions } from './subnets.js';
import { vpcAttributeActions } from './vpc-attributes.js';
import { vpcEndpointActions } from './vpc-endpoints.js';
import { vpcActions } from './vpcs.js';

export const networkActions = {
  ...addressActions,
  ...cidrBlockActions,
  ...internetGatewayActions,
  ...natGatewayActions,
  ...networkAclActions,
  ...networkAclEntryActions,
  ...peeringActions,
  ...routeActions,
  ...routeTableActions,
  ...subnetActions,
  ...vpcActions,
  ...vpcAttributeActions,
  ...vpcEndpointActions,
};
