/**
 * Files that say what a lab is to be: security groups alone, an exported scenario, or what another program says of its
 * groups. Whatever they leave open is as the lesson has it.
 */
import { z } from 'zod';
import { quote } from '../../cloud/text/quote.js';
import { hintFor } from '../../cloud/text/suggest.js';
import type { Cloud } from '../../cloud/types.js';
import { loadImport } from '../../import/load.js';
import { buildScenario } from '../../scenario/build-scenario.js';
import { withIncludes } from '../../scenario/include.js';
import { plainTree } from '../../scenario/parse-scenario.js';
import { type ScenarioDefinition, scenarioSchema } from '../../scenario/schema.js';
import { reportSchemaIssues } from '../../scenario/schema-problems.js';
import { openFile, readText } from '../../source/open.js';
import { ProblemList } from '../../source/problems.js';
import type { SourceTree } from '../../source/tree.js';
import { readYaml } from '../../source/yaml.js';
import type { Lesson } from '../types.js';
import { RECORD_KEY, recordSchema } from './record.js';
import type { Submission } from './types.js';

const groupsSchema = z.strictObject({ securityGroups: scenarioSchema.shape.securityGroups.unwrap() });
/** Beside the lab: to whoever builds it, the record is a note. */
const recordedSchema = z.object({ [RECORD_KEY]: recordSchema.optional() });

/** @throws DefinitionError with everything that is wrong with the file */
export async function readDefinition(file: string, lesson: Lesson): Promise<Submission> {
  const { kind, tree } = await openFile(file);
  if (kind !== 'scenario') return readForeign(file, lesson);
  const own = tree();
  const isWhole = typeof own.value === 'object' && own.value !== null && 'vpcs' in own.value;
  return isWhole ? readWhole(own, lesson) : readGroups(own, lesson);
}

/** Groups that it names have these rules and no others. */
async function readGroups(own: SourceTree, lesson: Lesson): Promise<Submission> {
  const problems = new ProblemList(own);
  const shape = groupsSchema.safeParse(own.value);
  if (!shape.success) reportSchemaIssues(problems, own.value, shape.error, groupsSchema);
  problems.throwIfAny();
  const lab = await labDefinition(lesson);
  const handedIn = shape.data?.securityGroups ?? {};
  const known = Object.keys(lab.securityGroups ?? {});
  for (const name of Object.keys(handedIn).filter((each) => !known.includes(each))) {
    const hint = hintFor(name, known) ?? null;
    const message = `the lab has no security group ${quote(name)}`;
    problems.add(['securityGroups', name], { message, hint, on: 'key' });
  }
  const merged = { ...lab, securityGroups: { ...lab.securityGroups, ...handedIn } };
  return { cloud: build(merged, own, problems), notes: [], record: null };
}

/** What `sglab export` and `sglab learn submit` write. An export has no words for some machines: those stay the lesson's. */
async function readWhole(own: SourceTree, lesson: Lesson): Promise<Submission> {
  const problems = new ProblemList(own);
  const recorded = recordedSchema.safeParse(own.value);
  if (!recorded.success) reportSchemaIssues(problems, own.value, recorded.error, recordedSchema);
  const plain = plainTree(own);
  const shape = scenarioSchema.safeParse(plain.value);
  if (!shape.success) reportSchemaIssues(problems, plain.value, shape.error);
  problems.throwIfAny();
  if (shape.data === undefined) throw new Error(`${own.file} was refused without a reason`);
  const { steps: _steps, ...definition } = shape.data;
  const merged = { ...(await labDefinition(lesson)), ...definition };
  return { cloud: build(merged, plain, problems), notes: [], record: recorded.data?.[RECORD_KEY] ?? null };
}

/**
 * A Terraform plan, a template, or answers of `aws ec2 describe-…`: groups, network ACLs and the groups of machines,
 * recognised by name. Its network is not the lab's, which has the lesson's addresses.
 */
async function readForeign(file: string, lesson: Lesson): Promise<Submission> {
  const { imported } = await loadImport([file], { name: lesson.id });
  const lab = await labDefinition(lesson);
  const theirs = withLabNames(imported.definition, lesson.lab.cloud);
  const { report } = imported;
  const own: SourceTree = { file, value: undefined, positionOf: () => ({ line: 1, column: 1 }) };
  const cloud = build(merge(lab, theirs), own, new ProblemList(own));
  return { cloud, notes: report.unsupported.map(({ resource, reason }) => `${resource}: ${reason}`), record: null };
}

function merge(lab: ScenarioDefinition, theirs: ScenarioDefinition): ScenarioDefinition {
  const groups = Object.entries(theirs.securityGroups ?? {}).map(([name, { ingress, egress, description }]) => {
    const before = lab.securityGroups?.[name];
    const own = before ?? (description === undefined ? {} : { description });
    return [name, { ...own, ...(ingress && { ingress }), ...(egress && { egress }) }] as const;
  });
  const acls = Object.entries(theirs.networkAcls ?? {}).flatMap(([name, { inbound, outbound }]) => {
    const before = lab.networkAcls?.[name];
    return before === undefined
      ? []
      : [[name, { ...before, ...(inbound && { inbound }), ...(outbound && { outbound }) }] as const];
  });
  const machines = Object.entries(lab.instances ?? {}).map(([name, machine]) => {
    const securityGroups = theirs.instances?.[name]?.securityGroups;
    const isPlain = machine.interfaces === undefined && machine.count === undefined;
    return [name, isPlain && securityGroups !== undefined ? { ...machine, securityGroups } : machine] as const;
  });
  return {
    ...lab,
    securityGroups: { ...lab.securityGroups, ...Object.fromEntries(groups) },
    networkAcls: { ...lab.networkAcls, ...Object.fromEntries(acls) },
    instances: Object.fromEntries(machines),
  };
}

/** What only an id is known of, which is one of the lab's, has the lab's name. */
function withLabNames(theirs: ScenarioDefinition, cloud: Cloud): ScenarioDefinition {
  const names = new Map<string, string>();
  const kept: [string, NonNullable<ScenarioDefinition['securityGroups']>[string]][] = [];
  for (const [name, group] of Object.entries(theirs.securityGroups ?? {})) {
    const known = group.id === undefined ? undefined : cloud.securityGroups[group.id]?.name;
    if (known !== undefined && known !== name) names.set(name, known);
    else kept.push([name, group]);
  }
  const renamed = JSON.parse(JSON.stringify(Object.fromEntries(kept)), (_key, value: unknown) =>
    typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
  return { ...theirs, securityGroups: renamed };
}

async function labDefinition({ labFile }: Lesson): Promise<ScenarioDefinition> {
  const tree = await withIncludes(readYaml(await readText(labFile), labFile), labFile);
  return scenarioSchema.parse(plainTree(tree).value);
}

function build(definition: ScenarioDefinition, own: SourceTree, problems: ProblemList): Cloud {
  const source: SourceTree = { ...own, value: definition };
  const { cloud } = buildScenario(definition, source, problems);
  problems.throwIfAny();
  return cloud;
}
