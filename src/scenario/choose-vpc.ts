import type { Vpc } from '../cloud/network/types.js';
import { hintFor } from '../cloud/text/nearest-word.js';
import { quote } from '../cloud/text/quote.js';
import type { Path } from '../source/tree.js';
import type { BuildContext } from './build-context.js';

interface OfVpc {
  /** What needs the VPC, in words. */
  readonly kind: string;
  readonly name: string;
  /** The VPC's name, if the file gives it. */
  readonly vpc: string | undefined;
}

/** The VPC that is named, or the only one; undefined, and a problem, if there is none. */
export function chooseVpc(context: BuildContext, path: Path, { kind, name, vpc: wanted }: OfVpc): Vpc | undefined {
  const declared = Object.keys(context.definition.vpcs);
  const word = wanted ?? (declared.length === 1 ? declared[0] : undefined);
  if (word === undefined) {
    const message = `${kind} ${quote(name)} needs \`vpc\`, since there are ${declared.length} VPCs`;
    context.problems.add(path, {
      message,
      hint: `Write \`vpc: ${declared[0] ?? '…'}\` or another of them.`,
      on: 'key',
    });
    return undefined;
  }
  return findVpc(context, [...path, 'vpc'], word);
}

/** The id of the VPC of that name; undefined, and a problem unless the file has one that could not be built. */
export function findVpcId(context: BuildContext, path: Path, word: string, on?: 'key' | 'value'): string | undefined {
  return findVpc(context, path, word, on)?.id;
}

function findVpc(
  { cloud, definition, problems }: BuildContext,
  path: Path,
  word: string,
  on: 'key' | 'value' = 'value',
): Vpc | undefined {
  const vpc = Object.values(cloud.vpcs).find(({ name }) => name === word);
  const declared = Object.keys(definition.vpcs);
  if (vpc === undefined && !declared.includes(word)) {
    problems.add(path, { message: `there is no VPC ${quote(word)}`, hint: hintFor(word, declared) ?? null, on });
  }
  return vpc;
}
