import type { Cloud } from '../../cloud/types.js';
import { PLAIN, type Style } from './style.js';
import { wrap } from './width.js';

const READABLE = 110;
const LABEL = 'assumed  ';

/** A line for each sentence about what an import made up; none where everything comes from a source. */
export function assumedLines(sentences: readonly string[], style: Style = PLAIN, width = READABLE): string[] {
  const room = Math.max(30, Math.min(width, READABLE) - LABEL.length - 2);
  return sentences.flatMap((sentence) =>
    wrap(sentence, room).map((line, at) => `  ${style.yellow(at === 0 ? LABEL : ' '.repeat(LABEL.length))}${line}`),
  );
}

export function assumptionsOf({ assumed }: Cloud): string[] {
  return Object.keys(assumed);
}
