import { type Mutation, mutationWords } from '../changes/mutation.js';
import { readListeners } from './build-hosts.js';
import { timeoutsOf } from './instance-shape.js';
import { readEntries } from './read-entries.js';
import { readModify } from './read-modify.js';
import { type PlacedRule, readRules } from './read-rules.js';
import { listOf, type RuleDefinition } from './schema-parts.js';
import type { StepDefinition } from './schema-steps.js';
import type { ConnectionTrackingDefinition } from './schema-topology.js';
import type { ReadStep, StepPlace } from './step-place.js';

type MutationDefinition = Exclude<
  StepDefinition,
  | { probe: unknown }
  | { open: unknown }
  | { flow: unknown }
  | { end: unknown }
  | { packet: unknown }
  | { start: unknown }
  | { exec: unknown }
  | { advance: unknown }
  | { wait: unknown }
>;

type SubnetStep = Extract<StepDefinition, { subnet: unknown }>['subnet'];
type NetworkAclStep = Extract<StepDefinition, { networkAcl: unknown }>['networkAcl'];
type LaunchStep = Extract<StepDefinition, { launch: unknown }>['launch'];
type RoutesStep = Extract<StepDefinition, { routes: unknown }>['routes'];

interface Reading {
  readonly mutation: Mutation;
  readonly rules?: readonly PlacedRule[];
}

/** Reads a step that changes the lab. */
export function readMutation(place: StepPlace, definition: MutationDefinition): Omit<ReadStep, 'verb'> {
  const { mutation, rules = [] } = mutationOf(place, definition);
  return { step: { type: 'mutate', name: mutationWords(mutation), line: place.line, mutation }, rules };
}

function mutationOf(place: StepPlace, definition: MutationDefinition): Reading {
  if ('authorize' in definition) return readAuthorize(place, definition.authorize);
  if ('revoke' in definition) return readRevoke(place, definition.revoke);
  if ('modify' in definition) return { mutation: readModify(place, definition.modify) };
  if ('attach' in definition) return { mutation: { type: 'attach', ...definition.attach } };
  if ('detach' in definition) return { mutation: { type: 'detach', ...definition.detach } };
  if ('prefixList' in definition) {
    const { name, add, remove } = definition.prefixList;
    return { mutation: { type: 'prefix-list', name, add: listOf(add), remove: listOf(remove) } };
  }
  if ('sourceDestCheck' in definition) {
    return { mutation: { type: 'source-dest-check', ...definition.sourceDestCheck } };
  }
  if ('networkAcl' in definition) return readNetworkAcl(place, definition.networkAcl);
  if ('subnet' in definition) return readSubnet(place, definition.subnet);
  if ('peering' in definition) return { mutation: { type: 'peering', ...definition.peering } };
  if ('routes' in definition) return readRoutes(place, definition.routes);
  if ('connectionTracking' in definition) return readConnectionTracking(place, definition.connectionTracking);
  if ('launch' in definition) return readLaunch(place, definition.launch);
  if ('terminate' in definition) return { mutation: { type: 'terminate', machine: definition.terminate } };
  return 'listen' in definition
    ? readServers(place, 'listen', definition.listen)
    : readServers(place, 'close', definition.close);
}

type Rules = RuleDefinition | RuleDefinition[] | undefined;
interface RulesOfGroup {
  readonly group: string;
  readonly ingress?: Rules;
  readonly egress?: Rules;
}

function readAuthorize(place: StepPlace, definition: RulesOfGroup): Reading {
  const rules = readBothDirections(place, 'authorize', definition);
  if (definition.ingress === undefined && definition.egress === undefined) reportNothing(place, 'authorize');
  const mutation: Mutation = { type: 'authorize', group: definition.group, rules: rules.map(({ rule }) => rule) };
  return { mutation, rules };
}

function readRevoke(
  place: StepPlace,
  definition: RulesOfGroup & { readonly rule?: string | string[] | undefined },
): Reading {
  const rules = readBothDirections(place, 'revoke', definition);
  const ruleIds = listOf(definition.rule);
  const { group, ingress, egress } = definition;
  if (ingress === undefined && egress === undefined && ruleIds.length === 0) reportNothing(place, 'revoke');
  return { mutation: { type: 'revoke', group, rules: rules.map(({ rule }) => rule), ruleIds }, rules };
}

function readSubnet(place: StepPlace, { name, routeTable, networkAcl }: SubnetStep): Reading {
  if ((routeTable ?? networkAcl) === undefined) reportNothing(place, 'subnet', 'Write `routeTable` or `networkAcl`.');
  const associations = {
    ...(routeTable === undefined ? {} : { routeTable }),
    ...(networkAcl === undefined ? {} : { networkAcl }),
  };
  return { mutation: { type: 'subnet', name, ...associations } };
}

function readNetworkAcl(place: StepPlace, { name, remove = {}, ...entries }: NetworkAclStep): Reading {
  const set = readEntries(place.problems, [...place.path, 'networkAcl'], entries).map(({ entry }) => entry);
  const removed = [
    ...listOf(remove.inbound).map((number) => ({ direction: 'ingress', number }) as const),
    ...listOf(remove.outbound).map((number) => ({ direction: 'egress', number }) as const),
  ];
  const hasEntries = (entries.inbound ?? entries.outbound) !== undefined;
  if (!hasEntries && removed.length === 0)
    reportNothing(place, 'networkAcl', 'Write `inbound`, `outbound` or `remove`.');
  return { mutation: { type: 'network-acl', name, set, remove: removed } };
}

function readRoutes(place: StepPlace, { table, add, remove }: RoutesStep): Reading {
  const added = listOf(add).flatMap(({ to, via }) => listOf(to).map((each) => ({ to: each, via })));
  const removed = listOf(remove);
  if (added.length + removed.length === 0) reportNothing(place, 'routes', 'Write `add` or `remove`.');
  return { mutation: { type: 'routes', table, add: added, remove: removed } };
}

function readConnectionTracking(
  { problems, path }: StepPlace,
  { instance, ...words }: ConnectionTrackingDefinition & { readonly instance: string },
): Reading {
  if (Object.keys(words).length === 0) {
    const hint = 'Write `tcpEstablishedTimeout`, `udpStreamTimeout` or `udpTimeout`.';
    problems.add([...path, 'connectionTracking'], { message: 'nothing to change', hint });
  }
  return { mutation: { type: 'connection-tracking', instance, timeouts: timeoutsOf(words) } };
}

function readLaunch(place: StepPlace, launch: LaunchStep): Reading {
  const { name, subnet, securityGroups, privateIp = null, publicIp = false } = launch;
  const listen = readListeners(place.problems, [...place.path, 'launch', 'listen'], launch.listen);
  const groups = securityGroups === undefined ? null : listOf(securityGroups);
  return { mutation: { type: 'launch', machine: { name, subnet, groups, privateIp, publicIp, listen } } };
}

function readServers(
  place: StepPlace,
  type: 'listen' | 'close',
  { on, ports }: { readonly on: string; readonly ports: string | number | (string | number)[] },
): Reading {
  return { mutation: { type, on, listeners: readListeners(place.problems, [...place.path, type, 'ports'], ports) } };
}

function readBothDirections({ problems, path }: StepPlace, verb: string, definition: RulesOfGroup): PlacedRule[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    readRules(problems, [...path, verb, direction], definition[direction], direction),
  );
}

function reportNothing(
  { problems, path }: StepPlace,
  verb: string,
  hint = 'Write `ingress` or `egress` with a rule.',
): void {
  problems.add([...path, verb], {
    message: `nothing to ${verb === 'authorize' || verb === 'revoke' ? verb : 'change'}`,
    hint,
  });
}
