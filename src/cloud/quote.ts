const MAX_QUOTED = 60;

// C0 is escaped by JSON; these are the rest that a terminal could obey or hide: C1, zero-width, bidirectional, BOM.
const INVISIBLE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value from outside, fit for a message: in quotes, control characters escaped, at most 60 characters of it. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : undefined;
  const shortened = text === undefined || text.length <= MAX_QUOTED ? value : `${text.slice(0, MAX_QUOTED)}…`;
  return escapeInvisible(JSON.stringify(shortened) ?? String(value));
}

/** The same without the quotation marks, for places where AWS's texts have their own. */
export function printable(text: string): string {
  return quote(text).slice(1, -1).replaceAll('\\"', '"');
}

function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
