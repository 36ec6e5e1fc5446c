import { createCloud } from '../cloud/create-cloud.js';
import { Draft } from '../cloud/records.js';
import { checkName } from '../cloud/text/names.js';
import type { Cloud } from '../cloud/types.js';
import type { ProblemList } from '../source/problems.js';
import type { Path, SourceTree } from '../source/tree.js';
import { buildAssumptions } from './build-assumptions.js';
import type { BuildContext } from './build-context.js';
import { buildForwarding } from './build-forwarding.js';
import {
  buildGatewayEndpoints,
  buildPeerings,
  buildTransitGateways,
  settlePeerings,
  settleTransitGateways,
} from './build-gateways.js';
import { buildGroups, buildRules } from './build-groups.js';
import { buildExternalHosts, buildInstances } from './build-machines.js';
import { buildPrefixLists, buildVpcs } from './build-network.js';
import { buildNetworkAcls } from './build-network-acls.js';
import { buildRoutes } from './build-routes.js';
import { machineNames } from './machine-names.js';
import { checkPortSets } from './port-sets.js';
import { Rehearsal } from './rehearsal.js';
import type { ScenarioDefinition } from './schema.js';
import { readStep, type Step } from './steps.js';
import type { Scenario } from './types.js';

/** The scenario of a file whose shape is right. What is wrong with the rest goes into `problems`. */
export function buildScenario(definition: ScenarioDefinition, source: SourceTree, problems: ProblemList): Scenario {
  const draft = new Draft(buildEmptyCloud(definition, problems));
  const context: BuildContext = {
    definition,
    problems,
    failedNames: new Set(),
    places: new Map(),
    unnamed: [],
    draft,
    get cloud() {
      return draft.cloud;
    },
  };
  checkPortSets(definition, problems);
  if (definition.include !== undefined) {
    const hint = 'Put this text into a file.';
    problems.add(['include'], { message: 'only a file can include others', hint, on: 'key' });
  }
  buildVpcs(context);
  buildPrefixLists(context);
  const groups = buildGroups(context);
  buildExternalHosts(context);
  buildInstances(context);
  buildPeerings(context);
  buildTransitGateways(context);
  buildRoutes(context);
  buildGatewayEndpoints(context);
  buildForwarding(context);
  buildNetworkAcls(context);
  buildRules(context, groups);
  settlePeerings(context);
  settleTransitGateways(context);
  buildAssumptions(context);
  const { cloud } = context;
  const { name, description = null } = definition;
  const lines = Object.fromEntries([...context.places].map(([id, path]) => [id, source.positionOf(path, 'key').line]));
  return { name, description, cloud, steps: buildSteps(context, source), lines, imported: null };
}

/** A cloud without a VPC; its name and quotas are valid even if the file's are not, so that the rest can be checked. */
function buildEmptyCloud(
  { name, quotas = {}, icmpErrors = 'rules' }: ScenarioDefinition,
  problems: ProblemList,
): Cloud {
  const fallback = createCloud({ name: 'unnamed' });
  const isNameFit = problems.attempt(['name'], () => [checkName('a lab', name)]) !== undefined;
  const { rulesPerGroup, groupsPerInterface } = quotas;
  const input = {
    name: isNameFit ? name : fallback.name,
    icmpErrors,
    quotas: {
      ...(rulesPerGroup === undefined ? {} : { rulesPerGroup }),
      ...(groupsPerInterface === undefined ? {} : { groupsPerInterface }),
    },
  };
  return problems.attempt(['quotas'], () => createCloud(input)) ?? fallback;
}

/** The steps in order, each checked against the cloud of its moment. */
function buildSteps({ definition, problems, failedNames, cloud }: BuildContext, source: SourceTree): Step[] {
  const rehearsal = new Rehearsal({ problems, cloud, failedNames, machines: machineNames(definition) });
  return (definition.steps ?? []).flatMap((each, position) => {
    const path = ['steps', position];
    const { line, file = source.file } = source.positionOf(path);
    const lineOf = (part: Path) => source.positionOf(part).line;
    const read = readStep({ problems, path, file, line, lineOf }, each);
    if (read === undefined) {
      rehearsal.skip();
      return [];
    }
    read.rehearse?.(rehearsal);
    return [read.step];
  });
}
