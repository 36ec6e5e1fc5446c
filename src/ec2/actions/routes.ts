import { getNatGateway } from '../../cloud/gateways/nat-gateway.js';
import { findById, getInstance, getRouteTable } from '../../cloud/lookup.js';
import type { TargetInput } from '../../cloud/network/route-target.js';
import { changeRoutes, findRoute } from '../../cloud/network/routes.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { refuseParameters, unsupported } from '../refusals.js';

export const routeActions = { CreateRoute, ReplaceRoute, DeleteRoute };

const FOREIGN = ['VpcEndpointId', 'LocalGatewayId', 'CarrierGatewayId', 'CoreNetworkArn', 'OdbNetworkArn'] as const;

async function CreateRoute(request: Input<'CreateRoute'>, context: ActionContext): Promise<Output<'CreateRoute'>> {
  refuseParameters(request, FOREIGN);
  const destination = destinationOf(request);
  await context.change((before) => {
    const target = targetOf(before, request);
    return { cloud: changeRoutes(before, request.RouteTableId ?? '', { add: [{ destination, target }] }) };
  });
  return { Return: true };
}

/** A block of the VPC itself has a route as long as it is there; `LocalTarget` restores that route. */
async function ReplaceRoute(request: Input<'ReplaceRoute'>, context: ActionContext): Promise<Output<'ReplaceRoute'>> {
  refuseParameters(request, FOREIGN);
  const destination = destinationOf(request);
  await context.change((before) => {
    const table = getRouteTable(before, request.RouteTableId ?? '');
    const present = findRoute(before, table, destination);
    if (present === undefined) {
      const text = `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`;
      throw new Ec2Error('InvalidParameterValue', text);
    }
    const remove = present.target.type === 'local' ? [] : [destination];
    const add = request.LocalTarget === true ? [] : [{ destination, target: targetOf(before, request) }];
    return { cloud: changeRoutes(before, table.id, { add, remove }) };
  });
}

async function DeleteRoute(request: Input<'DeleteRoute'>, context: ActionContext): Promise<Output<'DeleteRoute'>> {
  const remove = [destinationOf(request)];
  await context.change((before) => ({ cloud: changeRoutes(before, request.RouteTableId ?? '', { remove }) }));
}

function destinationOf(request: Input<'DeleteRoute'>): string {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = request;
  const [destination, ...others] = [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].filter(
    (each) => each !== undefined,
  );
  if (destination !== undefined && others.length === 0) return destination;
  throw new Ec2Error(
    others.length === 0 ? 'MissingParameter' : 'InvalidParameterCombination',
    'The request must contain exactly one of: destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId',
  );
}

function targetOf(cloud: Cloud, request: Input<'CreateRoute'>): TargetInput {
  const { GatewayId, NatGatewayId, InstanceId, NetworkInterfaceId } = request;
  const { VpcPeeringConnectionId, TransitGatewayId, EgressOnlyInternetGatewayId } = request;
  const targets: TargetInput[] = [
    ...(GatewayId === undefined ? [] : [gateway(GatewayId)]),
    ...(NatGatewayId === undefined ? [] : [machine(getNatGateway(cloud, NatGatewayId).interfaceIds)]),
    ...(InstanceId === undefined ? [] : [machine(oneInterface(cloud, InstanceId))]),
    ...(NetworkInterfaceId === undefined ? [] : [machine([NetworkInterfaceId])]),
    ...(VpcPeeringConnectionId === undefined ? [] : [{ type: 'peering', peeringId: VpcPeeringConnectionId } as const]),
    ...(TransitGatewayId === undefined
      ? []
      : [{ type: 'transit-gateway', transitGatewayId: TransitGatewayId } as const]),
    ...(EgressOnlyInternetGatewayId === undefined
      ? []
      : [{ type: 'egress-only-internet-gateway', gatewayId: EgressOnlyInternetGatewayId } as const]),
  ];
  const [target, ...others] = targets;
  if (target !== undefined && others.length === 0) return target;
  throw new Ec2Error(
    others.length === 0 ? 'MissingParameter' : 'InvalidParameterCombination',
    'The request must contain exactly one of: gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, instanceId',
  );
}

function gateway(id: string): TargetInput {
  if (id === 'local') return { type: 'local' };
  if (id.startsWith('vgw-')) throw unsupported('virtual private gateways');
  return { type: 'internet-gateway', gatewayId: id };
}

const machine = ([interfaceId = '']: readonly string[]): TargetInput => ({ type: 'interface', interfaceId });

function oneInterface(cloud: Cloud, instanceId: string): readonly string[] {
  const { interfaceIds } = findById(cloud.stoppedInstances, instanceId) ?? getInstance(cloud, instanceId);
  if (interfaceIds.length === 1) return interfaceIds;
  const text = `There are multiple interfaces attached to instance '${instanceId}'. Please specify an interface ID for the operation instead.`;
  throw new Ec2Error('InvalidInstanceID', text);
}
