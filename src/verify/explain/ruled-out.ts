/** Changes that somebody has ruled out, such as a lesson by its story: they are not proposed. */
import { commandFor } from '../../changes/command-text.js';
import { type Mutation, VERBS } from '../../changes/verbs.js';
import { CloudError } from '../../cloud/errors.js';
import { quote } from '../../cloud/text/quote.js';
import { hintFor } from '../../cloud/text/suggest.js';

const KEYS = Object.values(VERBS).map(({ key }) => key);

/** @param ruledOut beginnings of changes as they are typed: `authorize`, `authorize db tcp/3306`, `networkAcl`, `listen` */
export function isRuledOut(mutation: Mutation, ruledOut: readonly string[]): boolean {
  const change = wordsOf(commandFor(mutation, null).replace(/^sudo sglab (change ')?/, ''));
  return ruledOut.some((text) => wordsOf(text).every((word, at) => change[at] === word));
}

/** @throws CloudError for what is the beginning of no change */
export function checkRuledOut(text: string): string {
  const [verb = ''] = wordsOf(text);
  if (KEYS.includes(verb)) return text;
  const hint = hintFor(verb, KEYS) ?? `It begins with one of ${KEYS.join(', ')}.`;
  throw new CloudError('InvalidParameterValue', `${quote(verb)} is no change of a lab`, hint);
}

/** Without the punctuation of YAML: `networkAcl name strict` begins as `networkAcl: { name: strict, inbound: … }` does. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/[{}:,']/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}
