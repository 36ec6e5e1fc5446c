import { CloudError } from '../errors.js';
import { findPeering, peeringNames } from '../gateways/peering.js';
import { findTransitGateway } from '../gateways/transit-gateway.js';
import { byId, named } from '../lookup.js';
import { isCidr } from '../network/cidr.js';
import type { TargetInput } from '../network/route-target.js';
import type { RouteInput } from '../network/routes.js';
import type { Cloud } from '../types.js';
import { resolveInstance, resolveInterface } from './endpoint.js';
import { quote } from './quote.js';
import { resolvePrefixList } from './resolve.js';
import { hintFor } from './suggest.js';

/** A route as people write it. */
export interface UnresolvedRoute {
  /** A block, or the name or id of a prefix list. */
  readonly to: string;
  /** `internetGateway`, `egressOnlyInternetGateway`, `local`, `blackhole`, a peering or transit gateway, or an instance or interface. */
  readonly via: string;
}

const GATEWAYS: Readonly<Record<string, TargetInput>> = {
  local: { type: 'local' },
  internetGateway: { type: 'internet-gateway' },
  egressOnlyInternetGateway: { type: 'egress-only-internet-gateway' },
  blackhole: { type: 'blackhole' },
};

/** A worded route as the API would take it. Throws CloudError for words that name nothing. */
export function toRouteInput(cloud: Cloud, { to, via }: UnresolvedRoute): RouteInput {
  return { destination: resolveDestination(cloud, to), target: resolveTarget(cloud, via) };
}

/** `0.0.0.0/0` stays; the name of a prefix list becomes its id. */
export function resolveDestination(cloud: Cloud, word: string): string {
  if (isCidr(word) || /[/:]/.test(word)) return word;
  return resolvePrefixList(cloud, word).id;
}

export function routeText({ to, via }: UnresolvedRoute): string {
  return `${to} via ${via}`;
}

function resolveTarget(cloud: Cloud, word: string): TargetInput {
  const gateway = Object.hasOwn(GATEWAYS, word) ? GATEWAYS[word] : undefined;
  if (gateway !== undefined) return gateway;
  const peering = findPeering(cloud, word);
  if (peering !== undefined) return { type: 'peering', peeringId: peering.id };
  const transitGateway = findTransitGateway(cloud, word);
  if (transitGateway !== undefined) return { type: 'transit-gateway', transitGatewayId: transitGateway.id };
  const name = word.replace(/\.eth\d{1,2}$/, '');
  if (named(cloud.instances, name).length === 0 && !/^(i|eni)-[0-9a-f]+$/.test(word)) {
    const names = [cloud.instances, cloud.transitGateways].flatMap((record) =>
      Object.values<{ readonly name: string }>(record).map((each) => each.name),
    );
    throw new CloudError(
      'InvalidParameterValue',
      `no route can lead via ${quote(word)}`,
      hintFor(word, [...Object.keys(GATEWAYS), ...peeringNames(cloud), ...names]),
    );
  }
  return { type: 'interface', interfaceId: targetInterface(cloud, word) };
}

/** An instance with several interfaces must be named by one of them, as AWS demands. */
function targetInterface(cloud: Cloud, word: string): string {
  const eni = resolveInterface(cloud, word);
  const { interfaceIds, name } = byId(cloud.instances, eni.instanceId);
  const isNamed = /\.eth\d{1,2}$/.test(word) || word === eni.id;
  if (interfaceIds.length === 1 || isNamed) return eni.id;
  throw new CloudError(
    'InvalidInstanceID',
    `There are multiple interfaces attached to instance '${resolveInstance(cloud, name).id}'. Please specify an interface ID for the operation instead.`,
    `Write ${name}.eth0 or another of them.`,
  );
}
