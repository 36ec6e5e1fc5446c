/** Explanations without a kernel: the model's part, and the advice in the form that a user pastes. */

import { commandFor } from '../../../../src/changes/command-text.js';
import { applyMutation } from '../../../../src/changes/mutation.js';
import type { Mutation } from '../../../../src/changes/verbs.js';
import type { Family } from '../../../../src/cloud/groups/types.js';
import { type ProbeSpec, parseProbe, resolveProbe } from '../../../../src/cloud/text/probe.js';
import { parseRule } from '../../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../../src/cloud/types.js';
import { ORDINARY } from '../../../../src/oracle/behaviour.js';
import type { ModelVerdict } from '../../../../src/oracle/dialogue.js';
import { parseChange } from '../../../../src/scenario/parse-change.js';
import { parseScenario } from '../../../../src/scenario/parse-scenario.js';
import { type Question, queryModel } from '../../../../src/verify/explain/query-model.js';
import { toPass } from '../../../../src/verify/explain/to-pass.js';
import { toStop } from '../../../../src/verify/explain/to-stop.js';
import type { ExplainContext, Remedy } from '../../../../src/verify/explain/types.js';

export const CLIENT_PORT = 40_000;

export interface Advice {
  readonly toPass: Remedy | null;
  readonly toStop: readonly Remedy[];
}

export function cloudOf(definition: object): Cloud {
  return parseScenario(JSON.stringify({ name: 'explained', ...definition }), 'explained.yaml').cloud;
}

export function questionOf(
  cloud: Cloud,
  spec: ProbeSpec,
  ruledOut: readonly string[] = [],
): { asked: ExplainContext; question: Question } {
  const asked = { cloud, from: spec.from, to: spec.to, question: resolveProbe(cloud, spec), ruledOut };
  return { asked, question: { spec, clientPort: CLIENT_PORT, behaviour: ORDINARY, forwarding: new Set() } };
}

/** @param words for example `office -> web-1 tcp/22` */
export function advise(
  cloud: Cloud,
  words: string,
  family: Family | null = null,
  ruledOut: readonly string[] = [],
): Advice {
  return adviseFor(cloud, parseProbe(words, family), ruledOut);
}

export function adviseFor(cloud: Cloud, spec: ProbeSpec, ruledOut: readonly string[] = []): Advice {
  const { asked, question } = questionOf(cloud, spec, ruledOut);
  return { toPass: toPass(asked, question), toStop: toStop(asked, question) };
}

export function commandsOf({ changes }: Remedy): string[] {
  return changes.map(({ mutation }) => commandFor(mutation, null).replace(/^sudo sglab /, ''));
}

/** Parses the command as the shell and the command line would. */
export function readCommand(command: string): Mutation {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const [verb, first = '', ...rest] = words;
  if (verb === 'change') return parseChange(first);
  const rule = parseRule(rest.join(' '));
  if (verb === 'authorize') return { type: 'authorize', group: first, rules: [rule] };
  if (verb === 'revoke') return { type: 'revoke', group: first, rules: [rule], ruleIds: [] };
  throw new Error(`no command of a change: ${command}`);
}

/** The model's verdict after the commands have been run. */
export function verdictAfter(cloud: Cloud, spec: ProbeSpec, remedy: Remedy): ModelVerdict {
  const changed = commandsOf(remedy).map(readCommand).reduce(applyMutation, cloud);
  return queryModel(changed, { spec, clientPort: CLIENT_PORT, behaviour: ORDINARY });
}
