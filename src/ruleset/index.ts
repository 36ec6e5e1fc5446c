/** The cloud as nftables rulesets: one per card, VPC router and internet gateway, and one for the internet. Pure. */
export { cardRuleset } from './card.js';
export { difference } from './difference.js';
export { fabricRuleset } from './fabric.js';
export { forwarderRuleset } from './forwarder.js';
export { gatewayEndpointRuleset } from './gateway-endpoint.js';
export { memberSetName } from './groups.js';
export { peeringRuleset } from './peering.js';
export { render } from './render.js';
export { internetGatewayRuleset, internetRuleset, transitGatewayRuleset } from './routers.js';
export type { Chain, Element, NamedSet, Ruleset, Table } from './types.js';
