const MAX_QUOTED = 60;

// C0 is escaped by JSON; these are the rest that a terminal could obey or hide: C1, zero-width, bidirectional, BOM.
const INVISIBLE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value from outside, fit for a message: in quotes, control characters escaped, not more of it than one can read. */
export function quote(value: unknown, maxLength = MAX_QUOTED): string {
  if (typeof value === 'string') return escapeInvisible(JSON.stringify(shortened(value, maxLength)));
  // JSON has no way to write the infinity that 1e999 is.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return escapeInvisible(shortened(text, maxLength));
}

function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}

/** The same without the quotation marks, for places where AWS's texts have their own. */
export function printable(text: string, maxLength = MAX_QUOTED): string {
  return quote(text, maxLength).slice(1, -1).replaceAll('\\"', '"');
}

/** In JSON the same text, written so that no terminal obeys it. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, escaped);
}

// Of what C0 has, line breaks and tabs lay a text out; colours are our own, and the worst that others can do with them is colour.
const CONTROLS = new RegExp(`(\u001b\\[\\d{1,2}m)|[\\u0000-\\u0008\\u000b-\\u001f]|${INVISIBLE.source}`, 'g');

/** A report as a terminal may have it: whatever in it would move the cursor, hide or reorder text is shown escaped. */
export function shown(text: string): string {
  return text.replace(CONTROLS, (found, colour: string | undefined) => colour ?? escaped(found));
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
