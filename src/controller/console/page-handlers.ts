/** What a controller does for the calls that only its page makes. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { applyMutation } from '../../changes/mutation.js';
import { mutationShape } from '../../changes/mutation-shape.js';
import { Ec2Api } from '../../ec2/ec2-api.js';
import { readHistory } from '../../lab/history-file.js';
import type { Lab } from '../../lab/lab.js';
import { connectionsOf } from '../../observe/connections.js';
import { rulesInForce } from '../../observe/rules-in-force.js';
import { type DescribeRule, ruleDescriber } from '../../verdict/describe-rule.js';
import type { Work } from '../handlers.js';
import { auditLive } from './audit.js';
import { LiveLesson } from './lesson.js';
import type { MatrixWatches } from './matrix-watches.js';
import { turnedCells } from './model-matrix.js';
import { momentOf } from './moment.js';
import type { Ec2Request, PageCalls, SHARED_CALLS, TurnedCell } from './protocol.js';

/** The history's name for those who use the page. */
const CALLER = 'console';

type OwnCalls = Omit<PageCalls, (typeof SHARED_CALLS)[number]>;

export type PageHandlers = {
  [Name in keyof OwnCalls]: (request: OwnCalls[Name]['request'], work: Work) => Promise<OwnCalls[Name]['response']>;
};

const ec2Request = z.object({ action: z.string(), parameters: z.record(z.string(), z.string()) });
const words = z.array(z.string()).nullable();
const matrix = z.object({ machines: words, questions: words });

export const PAGE_SHAPES: { readonly [Name in keyof OwnCalls]: z.ZodType } = {
  ec2: ec2Request,
  preview: z.object({
    requests: z.array(ec2Request),
    machines: words,
    questions: words,
    mutations: z.array(mutationShape).optional(),
  }),
  rulesInForce: z.object({ interfaceId: z.string() }),
  history: z.object({}),
  audit: z.object({}),
  lesson: z.object({}),
  gradeLesson: z.object({ isCheck: z.boolean() }),
  lessonHint: z.object({}),
  moment: z.object({ change: z.int().positive(), matrix }),
  connections: z.object({ interfaceId: z.string() }),
  watchMatrix: z.object({ page: z.int(), matrix: matrix.nullable() }),
};

export function pageHandlersOf(live: Lab, watches: MatrixWatches, file: string | null): PageHandlers {
  const api = new Ec2Api(live);
  const lesson = new LiveLesson(live, file);
  return {
    ec2: async (request) => {
      const origin = { caller: CALLER, action: request.action, requestId: randomUUID() };
      return { answer: await api.perform(queryOf(request), origin) };
    },
    rulesInForce: ({ interfaceId }) => rulesInForce(live.cloud, interfaceId),
    connections: ({ interfaceId }) => connectionsOf(live.cloud, interfaceId),
    preview: async ({ requests, mutations = [], ...request }) => {
      const requested = await api.rehearse(requests.map(queryOf));
      const after = mutations.reduce(applyMutation, requested);
      const before = live.cloud;
      const turned = await turnedCells(before, after, request);
      return { turned, texts: ruleTexts(turned, ruleDescriber(after, before)) };
    },
    history: async () => ({ entries: readHistory(live.name) }),
    moment: ({ change, matrix }) => momentOf(live, change, matrix),
    audit: async (_request, { signal }) => ({ audited: await auditLive(live, signal) }),
    lesson: async () => ({ lesson: await lesson.view() }),
    gradeLesson: async ({ isCheck }, { signal }) => ({ grade: await lesson.grade(isCheck, signal) }),
    lessonHint: async (_request, { signal }) => ({ hint: await lesson.hint(signal) }),
    watchMatrix: async ({ page, matrix }) => {
      watches.look(page, matrix);
      return {};
    },
  };
}

function queryOf({ action, parameters }: Ec2Request): URLSearchParams {
  return new URLSearchParams({ ...parameters, Action: action });
}

function ruleTexts(cells: readonly TurnedCell[], describe: DescribeRule): Record<string, string> {
  const ids = cells.flatMap(({ before, after }) => [...before.rules, ...after.rules]);
  return Object.fromEntries(ids.map((id) => [id, describe(id)]));
}
