/** Stories: paragraphs are filled, examples stay as they are. */
import type { Style } from './style.js';
import { wrap } from './width.js';

/** A line with two spaces in it is an example, such as a command with a word before it. */
const EXAMPLE = /\S {2,}\S|^ /;

export function prose(text: string, width: number, style: Style): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraphOf(paragraph.split('\n'), width, style))
    .join('\n\n');
}

function paragraphOf(lines: readonly string[], width: number, style: Style): string {
  const parts: string[] = [];
  let plain: string[] = [];
  const fill = () => {
    parts.push(...wrap(plain.join(' '), width));
    plain = [];
  };
  for (const line of lines) {
    if (!EXAMPLE.test(line)) {
      plain.push(line);
      continue;
    }
    fill();
    parts.push(`  ${style.cyan(line.trim())}`);
  }
  fill();
  return parts.join('\n');
}
