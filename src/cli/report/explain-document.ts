/** The document of `sglab explain --json`; docs/explain.md describes it. Its keys are a contract with programs. */
import { commandFor } from '../../changes/command-text.js';
import type { PacketReport } from '../../observe/packet-report.js';
import type { Change, Explanation, Remedy, StageView } from '../../verify/explain/types.js';
import { describeFrame } from './packet.js';

/** @param lab to name in the commands; null if only one is up */
export function explanationDocument(explanation: Explanation, lab: string | null) {
  const { probe, source, destination, assumed, agreement, model, kernel, stages, toPass, instead, toStop, swallowed } =
    explanation;
  return {
    lab: explanation.lab,
    probe,
    source,
    destination,
    assumed,
    agreement,
    model,
    kernel,
    stages: stages.map(stageDocument),
    toPass: toPass === null ? null : remedyDocument(toPass, lab),
    instead,
    toStop: toStop.map((remedy) => remedyDocument(remedy, lab)),
    swallowed: swallowed.map(({ change, ...about }) => ({
      ...about,
      change: change === null ? null : changeDocument(change, lab),
    })),
  };
}

function stageDocument({ leg, stage, where, packet, model, kernel, because, rules, seen, connection }: StageView) {
  return { leg, stage, where, packet, model, kernel, because, rules, seen: seen.map(seenDocument), connection };
}

function seenDocument({ time, place, verdict, rule, frame }: PacketReport) {
  return { time, place, verdict, rule, ...describeFrame(Buffer.from(frame, 'base64')) };
}

function remedyDocument({ changes, ...about }: Remedy, lab: string | null) {
  return { changes: changes.map((change) => changeDocument(change, lab)), ...about };
}

function changeDocument({ stage, leg, where, mutation, words, alsoAffects }: Change, lab: string | null) {
  return { stage, leg, where, words, command: commandFor(mutation, lab), alsoAffects };
}
