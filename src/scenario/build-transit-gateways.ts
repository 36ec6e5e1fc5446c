import { withEntry } from '../cloud/by-id.js';
import { createTransitGateway, findTransitGateway } from '../cloud/gateways/transit-gateway.js';
import type { TransitGatewayAttachment } from '../cloud/gateways/types.js';
import type { Path } from '../source/tree.js';
import type { BuildContext } from './build-context.js';
import { findVpcId } from './choose-vpc.js';
import type { TransitGatewayDefinition } from './schema-gateways.js';

/** The transit gateways, with referencing on everywhere at first: the file's rules may have been made while it was. */
export function buildTransitGateways(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.transitGateways ?? {})) {
    const path = ['transitGateways', name];
    const attachments = readAttachments(context, path, definition);
    const input = {
      name,
      securityGroupReferencing: true,
      attachments: attachments.map((each) => ({ ...each, securityGroupReferencing: true })),
    };
    const isWhole = attachments.length === Object.keys(definition.attachments).length;
    const made = isWhole
      ? context.problems.attempt(path, () => createTransitGateway(context.cloud, input), 'key')
      : undefined;
    if (made === undefined) context.failedNames.add(name);
    else context.cloud = made.cloud;
  }
}

/** Switches referencing off where the file does. */
export function settleTransitGateways(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.transitGateways ?? {})) {
    const gateway = findTransitGateway(context.cloud, name);
    if (gateway === undefined) continue;
    const settled = {
      ...gateway,
      securityGroupReferencing: definition.securityGroupReferencing ?? false,
      attachments: readAttachments(context, ['transitGateways', name], definition),
    };
    context.cloud = { ...context.cloud, transitGateways: withEntry(context.cloud.transitGateways, settled) };
  }
}

function readAttachments(
  context: BuildContext,
  path: Path,
  { attachments }: TransitGatewayDefinition,
): TransitGatewayAttachment[] {
  return Object.entries(attachments).flatMap(([word, { securityGroupReferencing = true }]) => {
    const vpcId = findVpcId(context, [...path, 'attachments', word], word, 'key');
    return vpcId === undefined ? [] : [{ vpcId, securityGroupReferencing }];
  });
}
