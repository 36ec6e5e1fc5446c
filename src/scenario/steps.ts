/** The steps of a scenario file: every kind of them, the shape of them all, and how one is read. */
import { z } from 'zod';
import { end, flow, open } from './steps/flows.js';
import { matrix } from './steps/matrix.js';
import { mutate } from './steps/mutate.js';
import { packet } from './steps/packet.js';
import { probe } from './steps/probe.js';
import { exec, start } from './steps/programs.js';
import type { ReadStep, StepContext, StepKind } from './steps/step-kind.js';
import { advance, wait } from './steps/time.js';

/** The kinds by the type of their steps. The reference of scenario files keeps this order. */
const TABLE = { probe, matrix, open, flow, end, packet, mutate, start, exec, advance, wait } as const;

export type Step = NonNullable<ReturnType<(typeof TABLE)[keyof typeof TABLE]['read']>>['step'];

export const STEP_KINDS: Readonly<Record<Step['type'], StepKind<Step>>> = TABLE;

/** A step as the file has it: a name, and a key that tells what it does. */
export type StepDefinition = { readonly name?: string | undefined } & Readonly<Record<string, unknown>>;

const KINDS_BY_KEY: ReadonlyMap<string, StepKind<Step>> = new Map(
  Object.values(STEP_KINDS).flatMap((kind) => Object.keys(kind.schemas).map((key) => [key, kind] as const)),
);

/** The shape of each kind of step, by the one key that only this kind has. */
export const STEP_SCHEMAS: Readonly<Record<string, z.ZodObject>> = Object.assign(
  {},
  ...Object.values(STEP_KINDS).map(({ schemas }) => schemas),
);

export const stepSchema: z.ZodType<StepDefinition> = z
  .union(Object.values(STEP_SCHEMAS))
  .meta({ id: 'step', description: 'Example: `{ probe: office -> web-1 tcp/22, expect: connected }`' });

/** The keys of a step that tell what it does; it should have one. */
export function verbsOf(step: object): string[] {
  return Object.keys(step).filter((key) => Object.hasOwn(STEP_SCHEMAS, key));
}

/** Reads one step; undefined, and a problem, if its words cannot be read. */
export function readStep(place: StepContext, definition: StepDefinition): ReadStep<Step> | undefined {
  const before = place.problems.count;
  const [key = ''] = verbsOf(definition);
  const read = KINDS_BY_KEY.get(key)?.read(place, definition, key);
  if (read === undefined || place.problems.count > before) return undefined;
  const { file = null } = place;
  return { ...read, step: { ...read.step, file, name: definition.name ?? read.step.name } };
}
