import type { Handler } from './action.js';
import { accountActions } from './actions/account.js';
import { addressActions } from './actions/addresses.js';
import { cidrBlockActions } from './actions/cidr-blocks.js';
import { describeInstancesActions } from './actions/describe-instances.js';
import { flowLogActions } from './actions/flow-logs.js';
import { groupReferenceActions } from './actions/group-references.js';
import { groupVpcActions } from './actions/group-vpcs.js';
import { instanceAttributeActions } from './actions/instance-attributes.js';
import { instanceCatalogueActions } from './actions/instance-catalogue.js';
import { instanceOptionActions } from './actions/instance-options.js';
import { instanceStateActions } from './actions/instance-states.js';
import { interfaceAddressActions } from './actions/interface-addresses.js';
import { interfaceAttributeActions } from './actions/interface-attributes.js';
import { internetGatewayActions } from './actions/internet-gateways.js';
import { keyPairActions } from './actions/key-pairs.js';
import { natGatewayActions } from './actions/nat-gateways.js';
import { networkAclActions } from './actions/network-acls.js';
import { networkInterfaceActions } from './actions/network-interfaces.js';
import { peeringActions } from './actions/peerings.js';
import { prefixListActions } from './actions/prefix-lists.js';
import { routeTableActions } from './actions/route-tables.js';
import { routeActions } from './actions/routes.js';
import { ruleChangeActions } from './actions/rule-changes.js';
import { runInstancesActions } from './actions/run-instances.js';
import { securityGroupRuleActions } from './actions/security-group-rules.js';
import { securityGroupActions } from './actions/security-groups.js';
import { subnetActions } from './actions/subnets.js';
import { tagActions } from './actions/tags.js';
import { vpcAttributeActions } from './actions/vpc-attributes.js';
import { vpcEndpointActions } from './actions/vpc-endpoints.js';
import { vpcActions } from './actions/vpcs.js';

const groups = {
  ...securityGroupActions,
  ...securityGroupRuleActions,
  ...ruleChangeActions,
  ...groupReferenceActions,
  ...groupVpcActions,
  ...prefixListActions,
};

const networks = {
  ...vpcActions,
  ...vpcAttributeActions,
  ...subnetActions,
  ...cidrBlockActions,
  ...routeTableActions,
  ...routeActions,
  ...internetGatewayActions,
  ...natGatewayActions,
  ...addressActions,
  ...networkAclActions,
  ...peeringActions,
  ...vpcEndpointActions,
};

const machines = {
  ...runInstancesActions,
  ...describeInstancesActions,
  ...instanceAttributeActions,
  ...instanceOptionActions,
  ...instanceStateActions,
  ...instanceCatalogueActions,
  ...keyPairActions,
  ...networkInterfaceActions,
  ...interfaceAttributeActions,
  ...interfaceAddressActions,
};

const others = { ...flowLogActions, ...tagActions, ...accountActions };

/** The actions that the endpoint answers; every other one is refused by name. The API model holds just these. */
export type ActionName = keyof (typeof groups & typeof networks & typeof machines & typeof others);

export const HANDLERS: { readonly [A in ActionName]: Handler<A> } = { ...groups, ...networks, ...machines, ...others };

/** The same by name and family, as docs/ec2-api.md lists them. */
export const HANDLERS_BY_FAMILY = {
  'Security groups and prefix lists': groups,
  Networks: networks,
  'Instances and interfaces': machines,
  'Flow logs, tags, the account': others,
};
