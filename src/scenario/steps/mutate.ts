/** Steps that change the lab: one for each verb of change. */
import { z } from 'zod';
import { mutationText } from '../../changes/mutation.js';
import { SCHEMA_PARTS } from '../../changes/schema-parts.js';
import { type Mutation, VERBS } from '../../changes/verbs.js';
import { nameSchema, type StepBase, type StepKind } from './step-kind.js';

export interface MutationStep extends StepBase {
  readonly type: 'mutate';
  readonly mutation: Mutation;
}

const VERBS_BY_KEY = new Map(Object.values(VERBS).map((verb) => [verb.key, verb]));

export const mutate: StepKind<MutationStep, Readonly<Record<string, unknown>>> = {
  schemas: Object.fromEntries(
    [...VERBS_BY_KEY].map(([key, verb]) => [
      key,
      z.strictObject({ name: nameSchema, [key]: verb.schema(SCHEMA_PARTS) }),
    ]),
  ),
  read({ problems, path, line }, definition, key) {
    const place = { problems, path: [...path, key] };
    const read = VERBS_BY_KEY.get(key)?.read(place, definition[key]);
    if (read === undefined) return undefined;
    return {
      step: { type: 'mutate', name: mutationText(read.mutation), line, mutation: read.mutation },
      rehearse: (rehearsal) => rehearsal.applyChange(place.path, read),
    };
  },
  async run(live, { mutation }) {
    await live.mutate(mutation);
    return { status: 'passed', outcome: 'done' };
  },
};
