import { findTool } from '../kernel/find-tool.js';

/** A colour may stand before it, whose code ends in a letter. */
const BEFORE_SGLAB = /(?<=^|\W|\[[\d;]*m)sudo (?=(?:scripts\/)?sglab\b)/g;

/** A text for people as it is to be typed here: where there is no sudo, whoever can run a lab is root. */
export function asTypedHere(text: string): string {
  return text.includes('sudo ') && findTool('sudo') === null ? text.replaceAll(BEFORE_SGLAB, '') : text;
}
