/** What a controller does for each call, whichever door it comes by. */
import { randomUUID } from 'node:crypto';
import { applyMutation, mutationText } from '../changes/mutation.js';
import { initOf } from '../lab/init.js';
import type { Lab } from '../lab/lab.js';
import { gradeLab } from '../lessons/grade-lab.js';
import { ruledOutBy } from '../lessons/load.js';
import { ruleDescriber } from '../verdict/describe-rule.js';
import { explainInLab } from '../verify/explain/explain-in-lab.js';
import type { FlowRecorder } from './flow-recorder.js';
import { probeMatrix } from './matrix.js';
import type { Calls, LabStatus } from './protocol.js';

/** The work that one request makes. */
export interface Work {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Told that the work goes on. */
  readonly onProgress: () => void;
}

export type Handlers = {
  [Name in keyof Calls]: (request: Calls[Name]['request'], work: Work) => Promise<Calls[Name]['response']>;
};

/** What the handlers need besides the lab; `onDown` takes the lab down. */
export interface Served {
  readonly flows: FlowRecorder;
  /** Serves the page of the lab, if nobody does yet. Returns its URL. */
  readonly openConsole: (options: Calls['console']['request']) => Promise<string>;
  readonly about: Pick<LabStatus, 'file' | 'endpoint'>;
  readonly onDown: () => Promise<void>;
}

export function handlersOf(live: Lab, { about, flows, openConsole, onDown }: Served): Handlers {
  return {
    status: async () => ({ lab: live.name, pid: process.pid, ...about, cloud: live.cloud }),
    enter: async ({ machine }) => ({
      cloud: live.cloud,
      init: await initOf(live.cloud, live.traffic.machine(machine)),
    }),
    probe: ({ probe }, { signal }) => live.traffic.probe(probe, signal),
    explain: async ({ probe }, { signal }) =>
      explainInLab(live, probe, { signal, ruledOut: await ruledOutBy(live.name, about.file) }),
    grade: ({ goals }, work) => gradeLab(live, goals, work),
    describeRules: async ({ ids }) => {
      const describe = ruleDescriber(live.cloud);
      return { texts: Object.fromEntries(ids.map((id) => [id, describe(id)])) };
    },
    matrix: (request, work) => probeMatrix(live, request, work),
    mutate: async ({ mutation }, { signal }) => {
      const action = mutationText(mutation);
      await live.change(
        (before) => {
          signal.throwIfAborted(); // its turn came too late
          return applyMutation(before, mutation);
        },
        { caller: 'sglab', action, requestId: randomUUID() },
      );
      return {};
    },
    dryRun: async ({ mutation }) => ({
      script: await live.dryRun((before) => applyMutation(before, mutation)),
    }),
    advance: async ({ seconds }) => {
      await flows.settle();
      const aged = await live.advance(seconds);
      flows.advance(seconds);
      return aged;
    },
    flowLogs: async ({ interfaceIds }) => ({ interfaces: await flows.records(interfaceIds) }),
    drift: async () => ({ drift: await live.integrity.drift() }),
    repair: async () => ({ mended: await live.integrity.repair() }),
    console: async (options) => ({ url: await openConsole(options) }),
    down: async () => {
      await onDown();
      return {};
    },
  };
}
