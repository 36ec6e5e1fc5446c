/** What `sglab learn submit` writes into a submission beside the lab: whose it is, and how they got there. */
import { z } from 'zod';

/** A note of the scenario file, which builds the lab for whoever wants to look at it. */
export const RECORD_KEY = 'x-submission';

const count = z.int().min(0).max(1_000_000);

export const recordSchema = z.strictObject({
  lesson: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  /** Time since the lesson was first started, up to the first pass. */
  seconds: count.nullable(),
  checks: count,
  hints: count,
  solutionSeen: z.boolean(),
});

/** The trainee's own machine says so: it is no proof, and no grade rests on it. */
export type SubmissionRecord = z.infer<typeof recordSchema>;
