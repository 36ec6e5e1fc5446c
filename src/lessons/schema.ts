/** The shape of `lesson.yaml`. The lab that it is about stands beside it in `lab.yaml`, a scenario file without steps. */
import { z } from 'zod';
import { oneOrMany } from '../changes/schema-parts.js';
import { stepSchema } from '../scenario/steps.js';
import { STAGES } from '../verdict/types.js';
import { CAUSES } from './types.js';

const probes = (what: string, example: string) =>
  oneOrMany(z.string()).optional().describe(`${what} Example: \`${example}\``);

const changes = z.array(z.union([z.string(), stepSchema]));

const hintSchema = z
  .strictObject({
    when: z
      .enum(CAUSES)
      .optional()
      .describe('Why the goal is not met; left out: any reason. Example: `when: too-open`'),
    at: z.enum(STAGES).optional().describe('Where the packet stopped. Example: `at: sg-ingress`'),
    say: z
      .array(z.string())
      .min(1)
      .describe(
        'From a nudge to nearly the answer; each `sglab learn hint` shows one more. Example: `say: [Which group has db-1?]`',
      ),
  })
  .describe('Example: `{ when: closed, at: sg-ingress, say: [Which group has db-1?] }`');

const goalSchema = z
  .strictObject({
    goal: z.string().describe('What must be true, in one sentence. Example: `goal: The office may log in to web-1`'),
    reaches: probes('Probes that must connect.', 'reaches: office -> web-1 tcp/22'),
    refused: probes('Probes that must be let in and find nothing listening.', 'refused: office -> web-1 tcp/80'),
    shut: probes('Probes that must not arrive.', 'shut: [stranger -> web-1 tcp/22, web-2 -> web-1 tcp/22]'),
    into: probes(
      'What a closed world is about: all that may come to these machines, or a part of it. Together with `only`.',
      'into: web-1',
    ),
    outOf: probes('The same for all that these machines may begin.', 'outOf: [web-1, web-2 tcp/25]'),
    among: probes('The same for all that these machines may begin with each other.', 'among: [app-1, db-1]'),
    only: oneOrMany(z.string())
      .optional()
      .describe(
        'What may pass of all that: `nothing`, or flows from and to `anyone`, machines, groups and blocks. Example: `only: [anyone -> web-1 tcp/80 tcp/443, office -> web-1 tcp/22]`',
      ),
    after: changes
      .optional()
      .describe(
        'Changes that are made before the probes and taken back afterwards: they expose a repair that works only by accident. Example: `after: [{ launch: { name: web-9, subnet: public, securityGroups: web } }]`',
      ),
    steps: z
      .array(stepSchema)
      .optional()
      .describe(
        'Instead of probes: steps of a scenario file, for sessions and time. Example: `steps: [{ open: { flow: ssh, probe: office -> web-1 tcp/22 } }, { advance: 1h }, { flow: ssh, expect: goes-on }]`',
      ),
    hints: z
      .array(hintSchema)
      .optional()
      .describe(
        'The first one that matches the state of the lab is shown. Left out: sglab derives them from the verdict. Example: `hints: [{ say: [Look at the rules of web] }]`',
      ),
  })
  .describe('Example: `{ goal: Nobody else may, shut: stranger -> web-1 tcp/22 }`');

const wrongSchema = z
  .strictObject({
    try: z.string().describe('What somebody might try, in a few words. Example: `try: Open everything to everybody`'),
    do: changes.describe('The commands. Example: `do: [authorize web tcp/0-65535 from 0.0.0.0/0]`'),
    caught: z.enum(CAUSES).describe('Why it is no solution. Example: `caught: too-open`'),
    goal: z.string().describe('The goal that it misses, worded as above. Example: `goal: Nobody else may`'),
    says: z.string().optional().describe('What the feedback must contain. Example: `says: tcp/0-65535 from 0.0.0.0/0`'),
  })
  .describe(
    'Example: `{ try: Open all, do: [authorize web all from 0.0.0.0/0], caught: too-open, goal: Nobody else may }`',
  );

export const lessonSchema = z.strictObject({
  title: z.string().describe('A few words. Example: `title: Default deny`'),
  idea: z.string().describe('The one thing to learn, in a sentence. Example: `idea: What no rule allows is denied`'),
  story: z
    .string()
    .describe(
      'What happened and what is to be done, in plain words; paragraphs are separated by empty lines. Example: `story: The shop opens at nine.`',
    ),
  moral: z
    .string()
    .describe(
      'Shown when all goals are met: what there was to see, and why it is so. Example: `moral: A group allows, it never denies.`',
    ),
  goals: z
    .array(goalSchema)
    .min(2)
    .describe(
      'What must pass and what must stay blocked. Example: `goals: [{ goal: The world may buy, reaches: stranger -> web-1 tcp/443 }, { goal: Nobody else logs in, shut: stranger -> web-1 tcp/22 }]`',
    ),
  solution: changes
    .min(1)
    .describe(
      'Commands as typed after `sglab`, or steps that change the lab. Example: `solution: [authorize web tcp/443 from 0.0.0.0/0]`',
    ),
  forbid: z
    .array(z.string())
    .optional()
    .describe(
      'Changes that the story rules out, by the words that they begin with: `sglab explain` and hints propose none of them. Example: `forbid: [authorize db, networkAcl]`',
    ),
  wrong: z
    .array(wrongSchema)
    .min(1)
    .describe(
      'Wrong repairs that must be caught, each for its reason; `sglab learn validate` tries them. Example: `wrong: [{ try: Open all, do: [authorize web all from 0.0.0.0/0], caught: too-open, goal: Nobody else may }]`',
    ),
});

export type LessonDefinition = z.infer<typeof lessonSchema>;
export type GoalDefinition = LessonDefinition['goals'][number];
export type ChangeDefinition = LessonDefinition['solution'][number];
