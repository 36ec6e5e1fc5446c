/** `advance` and `wait` let time pass: for connection tracking alone, or really. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { durationText, longDurationText } from '../../changes/text-shapes.js';
import { agedText } from '../../verdict/phrases.js';
import { parseDuration, parseWholeSeconds } from '../duration.js';
import { nameSchema, type StepBase, type StepKind } from './step-kind.js';

interface AdvanceStep extends StepBase {
  readonly type: 'advance';
  readonly seconds: number;
}

interface WaitStep extends StepBase {
  readonly type: 'wait';
  readonly ms: number;
}

const advanceSchema = z.strictObject({
  name: nameSchema,
  advance: longDurationText.describe(
    'Lets this much idle time pass, immediately, for every tracked connection: whole seconds, s, m, h or d. Example: `advance: 50s`',
  ),
});

export const advance: StepKind<AdvanceStep, z.infer<typeof advanceSchema>> = {
  schemas: { advance: advanceSchema },
  read({ problems, path, line }, { advance: text }) {
    const seconds = problems.attempt([...path, 'advance'], () => parseWholeSeconds(text));
    return seconds === undefined ? undefined : { step: { type: 'advance', name: `advance ${text}`, line, seconds } };
  },
  async run(live, { seconds }) {
    return { status: 'passed', outcome: 'done', explanation: agedText(await live.advance(seconds)) };
  },
};

const waitSchema = z.strictObject({
  name: nameSchema,
  wait: durationText.describe(
    'Real time; for what `advance` cannot move, such as a program’s own clock. ms, s or m. Example: `wait: 35s`',
  ),
});

export const wait: StepKind<WaitStep, z.infer<typeof waitSchema>> = {
  schemas: { wait: waitSchema },
  read({ problems, path, line }, { wait: text }) {
    const ms = problems.attempt([...path, 'wait'], () => parseDuration(text));
    return ms === undefined ? undefined : { step: { type: 'wait', name: `wait ${text}`, line, ms } };
  },
  async run(_, { ms }, signal) {
    await sleep(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
    return { status: 'passed', outcome: 'done' };
  },
};
