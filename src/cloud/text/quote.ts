const MAX_QUOTED = 60;

// C0 is escaped by JSON; these are the rest that a terminal could obey or hide: C1, zero-width, bidirectional, BOM.
const INVISIBLE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value from outside, fit for a message: in quotes, control characters escaped, not more of it than one can read. */
export function quote(value: unknown, maxLength = MAX_QUOTED): string {
  const text = typeof value === 'string' ? value : undefined;
  const shortened = text === undefined || text.length <= maxLength ? value : `${text.slice(0, maxLength)}…`;
  return escapeInvisible(JSON.stringify(shortened) ?? String(value));
}

/** The same without the quotation marks, for places where AWS's texts have their own. */
export function printable(text: string, maxLength = MAX_QUOTED): string {
  return quote(text, maxLength).slice(1, -1).replaceAll('\\"', '"');
}

function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
