/** The shapes of requests on the control socket: what comes from another version of sglab, or by hand, gets an error and no crash. */
import { z } from 'zod';
import { mutationShape as mutation } from '../changes/mutation-shape.js';
import { quote } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import { FLOW_OUTCOMES, FLOW_SENDS, LEGS, OUTCOMES, STAGES } from '../verdict/types.js';
import type { Calls } from './protocol.js';

const NOTHING = z.object({});
const words = z.array(z.string());
const seconds = z.number().int().nonnegative();
const byteOrNull = z.int().min(0).max(255).nullable();
const probe = z.object({
  from: z.string(),
  to: z.string(),
  protocol: z.string(),
  port: z.int().min(0).max(65_535).nullable(),
  icmpType: byteOrNull,
  icmpCode: byteOrNull,
  family: z.enum(['ipv4', 'ipv6']).nullable(),
});
const stop = { stage: z.enum(STAGES).nullable(), leg: z.enum(LEGS).nullable() };
/** The steps that goals have; of others only the kind is looked at. */
const step = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('probe'),
    name: z.string(),
    probe,
    expect: z.object({ outcome: z.enum(OUTCOMES), ...stop, rules: words }),
  }),
  z.object({
    type: z.literal('open'),
    name: z.string(),
    flow: z.string(),
    probe,
    send: z.enum(['client', 'both']),
  }),
  z.object({
    type: z.literal('flow'),
    name: z.string(),
    flow: z.string(),
    send: z.enum(FLOW_SENDS),
    expect: z.object({ outcome: z.enum(FLOW_OUTCOMES), ...stop }),
  }),
  z.object({ type: z.literal('mutate'), name: z.string(), mutation }),
  z.object({ type: z.literal('advance'), name: z.string(), seconds }),
  z.looseObject({ type: z.enum(['end', 'packet', 'start', 'exec', 'wait']), name: z.string() }),
]);

const traffic = z.array(
  z.object({ protocol: z.string(), fromPort: z.number().nullable(), toPort: z.number().nullable() }),
);
const flow = z.object({ from: z.string(), to: z.string(), traffic });
const closed = z.object({
  scopes: z.array(flow.extend({ side: z.enum(['ingress', 'egress']) })),
  only: z.array(flow),
  needed: z.array(flow),
});

const SHAPES: { readonly [Name in keyof Calls]: z.ZodType } = {
  status: NOTHING,
  enter: z.object({ machine: z.string() }),
  probe: z.object({ probe }),
  explain: z.object({ probe }),
  grade: z.object({
    goals: z.array(z.looseObject({ goal: z.string(), steps: z.array(step), closed: closed.optional() })),
  }),
  matrix: z.object({ machines: words.nullable(), questions: words.nullable() }),
  describeRules: z.object({ ids: words }),
  mutate: z.object({ mutation }),
  dryRun: z.object({ mutation }),
  advance: z.object({ seconds }),
  flowLogs: z.object({ interfaceIds: words.nullable() }),
  drift: NOTHING,
  repair: NOTHING,
  console: z.object({ terminals: z.boolean() }),
  down: NOTHING,
};

const HINT =
  'commands and controller must be of one version: `sglab down`, then `sglab up`, if sglab was updated meanwhile';

/** The call and what is asked of it. Throws SglabError for a call that nobody knows, and for what is not of its shape. */
export function readRequest(url: string, body: string): { name: keyof Calls; request: unknown } {
  const name = url.replace(/^\//, '');
  if (!isCall(name)) throw new SglabError('UnknownCall', `the controller knows no call ${quote(name)}`, { hint: HINT });
  const request = parse(body === '' ? '{}' : body);
  readShape(name, null, request);
  return { name, request };
}

/** Throws SglabError for a request that is not of its call's shape. @param shape null: that of the control socket's call */
export function readShape(name: string, shape: z.ZodType | null, request: unknown): void {
  const read = (shape ?? SHAPES[name as keyof Calls]).safeParse(request);
  if (read.success) return;
  const [issue] = read.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the request' : quote(issue.path.join('.'));
  throw malformed(`${place} of the call ${name} has another shape: ${issue?.message ?? ''}`);
}

function isCall(name: string): name is keyof Calls {
  return Object.hasOwn(SHAPES, name);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw malformed('the request is not JSON');
  }
}

function malformed(text: string): SglabError {
  return new SglabError('MalformedRequest', text, { hint: HINT });
}
