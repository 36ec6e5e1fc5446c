import { byId } from '../cloud/by-id.js';
import { changePeering } from '../cloud/gateways/peering.js';
import type { PeeringStatus } from '../cloud/gateways/types.js';
import { modifyPrefixList } from '../cloud/groups/prefix-list.js';
import { ruleIdsFor } from '../cloud/groups/rule-ids.js';
import type { RuleSpec } from '../cloud/groups/rule-spec.js';
import { authorize, revoke, revokeById } from '../cloud/groups/rules.js';
import type { Direction, SecurityGroup } from '../cloud/groups/types.js';
import { terminateInstance } from '../cloud/instances/instance-life.js';
import { type LaunchWords, launch } from '../cloud/instances/launch.js';
import { closeListeners, listenerWords, openListeners } from '../cloud/instances/listener.js';
import type { Listener } from '../cloud/instances/types.js';
import { type ConnectionTrackingInput, modifyConnectionTracking } from '../cloud/interfaces/connection-tracking.js';
import { attachGroup, detachGroup } from '../cloud/interfaces/interface-groups.js';
import { setSourceDestCheck } from '../cloud/interfaces/source-dest-check.js';
import { associateNetworkAcl, changeNetworkAcl } from '../cloud/network/network-acl.js';
import { type EntryInput, entryWords } from '../cloud/network/network-acl-entry.js';
import { associateRouteTable } from '../cloud/network/route-table.js';
import { changeRoutes } from '../cloud/network/routes.js';
import { pruneTags } from '../cloud/tags.js';
import { resolveInstance, resolveInterface } from '../cloud/text/endpoint.js';
import { modificationWords, modifyByWords, type RuleModification } from '../cloud/text/modify.js';
import { resolveGroupFor, toRuleSpec } from '../cloud/text/peer-words.js';
import {
  resolveGroup,
  resolveNetworkAcl,
  resolvePrefixList,
  resolveRouteTable,
  resolveSubnet,
} from '../cloud/text/resolve.js';
import { resolveDestination, routeWords, toRouteInput, type WordedRoute } from '../cloud/text/route-words.js';
import { type WordedRule, wordedRuleText } from '../cloud/text/rule-words.js';
import type { Cloud } from '../cloud/types.js';

/** A change of a running lab in words: plain JSON, resolved against the cloud when it is applied. */
export type Mutation =
  /** `group` is a name or id. */
  | { readonly type: 'authorize'; readonly group: string; readonly rules: readonly WordedRule[] }
  /** `ruleIds` are ids or descriptions of rules. */
  | {
      readonly type: 'revoke';
      readonly group: string;
      readonly rules: readonly WordedRule[];
      readonly ruleIds: readonly string[];
    }
  /** `rule` is the id or description of one rule, which keeps its id. */
  | { readonly type: 'modify'; readonly group: string; readonly rule: string; readonly to: RuleModification }
  /** `instance` is a name, an id or `web-1.eth1`. */
  | { readonly type: 'attach' | 'detach'; readonly instance: string; readonly group: string }
  | { readonly type: 'source-dest-check'; readonly instance: string; readonly enabled: boolean }
  /** Blocks; `name` may be an id. */
  | {
      readonly type: 'prefix-list';
      readonly name: string;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    }
  /** `table` is a name or id; `remove` holds destinations: blocks, or names of prefix lists. */
  | {
      readonly type: 'routes';
      readonly table: string;
      readonly add: readonly WordedRoute[];
      readonly remove: readonly string[];
    }
  /** Associates what is given; `routeTable: main` and `networkAcl: default` are those of the VPC. */
  | { readonly type: 'subnet'; readonly name: string; readonly routeTable?: string; readonly networkAcl?: string }
  /** `name` may be an id; `set` replaces entries of the same number. */
  | {
      readonly type: 'network-acl';
      readonly name: string;
      readonly set: readonly EntryInput[];
      readonly remove: readonly { readonly direction: Direction; readonly number: number }[];
    }
  /** The name of a peering, or of one that has ended: then a new one of the same VPCs is made. */
  | { readonly type: 'peering'; readonly name: string; readonly status: PeeringStatus }
  /** `instance` is a name, an id or `web-1.eth1`; time-outs that are left out stay as they are. */
  | { readonly type: 'connection-tracking'; readonly instance: string; readonly timeouts: ConnectionTrackingInput }
  /** A new instance, reachable when the change is in force. */
  | { readonly type: 'launch'; readonly machine: LaunchWords }
  /** The end of an instance, with its interfaces and all that runs in it. `machine` is a name or id. */
  | { readonly type: 'terminate'; readonly machine: string }
  /** `on` is an instance or an external host. */
  | { readonly type: 'listen' | 'close'; readonly on: string; readonly listeners: readonly Listener[] };

/** The cloud after the change. All or nothing: throws CloudError, and the cloud that was given stays what it is. */
export function applyMutation(cloud: Cloud, mutation: Mutation): Cloud {
  switch (mutation.type) {
    case 'authorize': {
      const group = resolveGroup(cloud, mutation.group);
      return authorize(cloud, group.id, specsOf(cloud, group, mutation.rules)).cloud;
    }
    case 'revoke':
      return applyRevoke(cloud, resolveGroup(cloud, mutation.group), mutation);
    case 'modify':
      return modifyByWords(cloud, resolveGroup(cloud, mutation.group), mutation.rule, mutation.to);
    case 'attach':
    case 'detach': {
      const eni = resolveInterface(cloud, mutation.instance);
      const group = resolveGroupFor(cloud, mutation.group, byId(cloud.subnets, eni.subnetId).vpcId);
      return (mutation.type === 'attach' ? attachGroup : detachGroup)(cloud, eni.id, group.id);
    }
    case 'source-dest-check':
      return setSourceDestCheck(cloud, resolveInterface(cloud, mutation.instance).id, mutation.enabled);
    case 'prefix-list': {
      const add = mutation.add.map((cidr) => ({ cidr }));
      return modifyPrefixList(cloud, resolvePrefixList(cloud, mutation.name).id, { add, remove: mutation.remove });
    }
    case 'routes': {
      const add = mutation.add.map((route) => toRouteInput(cloud, route));
      const remove = mutation.remove.map((word) => resolveDestination(cloud, word));
      return changeRoutes(cloud, resolveRouteTable(cloud, mutation.table).id, { add, remove });
    }
    case 'subnet':
      return applySubnet(cloud, mutation);
    case 'network-acl':
      return changeNetworkAcl(cloud, resolveNetworkAcl(cloud, mutation.name).id, mutation);
    case 'peering':
      return changePeering(cloud, mutation.name, mutation.status);
    case 'connection-tracking':
      return modifyConnectionTracking(cloud, mutation.instance, mutation.timeouts);
    case 'launch':
      return launch(cloud, mutation.machine);
    case 'terminate':
      return pruneTags(terminateInstance(cloud, resolveInstance(cloud, mutation.machine).id));
    case 'listen':
      return openListeners(cloud, mutation.on, mutation.listeners);
    case 'close':
      return closeListeners(cloud, mutation.on, mutation.listeners);
  }
}

/** The change as people say it: `authorize web: tcp/443 from 0.0.0.0/0`. */
export function mutationWords(mutation: Mutation): string {
  switch (mutation.type) {
    case 'authorize':
      return `authorize ${mutation.group}: ${mutation.rules.map(wordedRuleText).join(', ')}`;
    case 'revoke':
      return `revoke ${mutation.group}: ${[...mutation.rules.map(wordedRuleText), ...mutation.ruleIds].join(', ')}`;
    case 'modify':
      return `modify ${mutation.group}: ${mutation.rule} becomes ${modificationWords(mutation.to)}`;
    case 'attach':
      return `attach ${mutation.group} to ${mutation.instance}`;
    case 'detach':
      return `detach ${mutation.group} from ${mutation.instance}`;
    case 'source-dest-check':
      return `source/destination check of ${mutation.instance}: ${mutation.enabled ? 'on' : 'off'}`;
    case 'prefix-list': {
      const changes = [...mutation.add.map((cidr) => `+${cidr}`), ...mutation.remove.map((cidr) => `-${cidr}`)];
      return `prefix list ${mutation.name}: ${changes.join(', ')}`;
    }
    case 'routes': {
      const changes = [
        ...mutation.remove.map((to) => `-${to}`),
        ...mutation.add.map((route) => `+${routeWords(route)}`),
      ];
      return `route table ${mutation.table}: ${changes.join(', ')}`;
    }
    case 'subnet':
      return `subnet ${mutation.name}: ${associationWords(mutation).join(', ')}`;
    case 'network-acl': {
      const removed = mutation.remove.map(
        ({ direction, number }) => `-${direction === 'ingress' ? 'inbound' : 'outbound'} ${number}`,
      );
      const set = mutation.set.map((entry) => `${entry.number} ${entryWords(entry)}`);
      return `network ACL ${mutation.name}: ${[...removed, ...set].join(', ')}`;
    }
    case 'peering':
      return `peering ${mutation.name}: ${mutation.status}`;
    case 'launch':
      return `launch ${mutation.machine.name} in ${mutation.machine.subnet}`;
    case 'terminate':
      return `terminate ${mutation.machine}`;
    case 'connection-tracking': {
      const changes = Object.entries(mutation.timeouts).map(([key, value]) => `${key} ${value} s`);
      return `connection tracking of ${mutation.instance}: ${changes.join(', ')}`;
    }
    default:
      return `${mutation.type} on ${mutation.on}: ${mutation.listeners.map(listenerWords).join(', ')}`;
  }
}

function applySubnet(cloud: Cloud, { name, routeTable, networkAcl }: SubnetMutation): Cloud {
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
}

type SubnetMutation = Extract<Mutation, { type: 'subnet' }>;

function associationWords({ routeTable, networkAcl }: SubnetMutation): string[] {
  return [
    ...(routeTable === undefined ? [] : [`route table ${routeTable}`]),
    ...(networkAcl === undefined ? [] : [`network ACL ${networkAcl}`]),
  ];
}

function applyRevoke(cloud: Cloud, group: SecurityGroup, mutation: Mutation & { type: 'revoke' }): Cloud {
  const afterIds = revokeById(
    cloud,
    group.id,
    mutation.ruleIds.flatMap((word) => ruleIdsFor(group, word)),
  ).cloud;
  return revoke(afterIds, group.id, specsOf(cloud, group, mutation.rules)).cloud;
}

function specsOf(cloud: Cloud, group: SecurityGroup, rules: readonly WordedRule[]): RuleSpec[] {
  return rules.map((rule) => toRuleSpec(cloud, group.vpcId, rule));
}
