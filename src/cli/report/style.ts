import pc from 'picocolors';

/** The colours of a text; without a terminal all of them leave it as it is. */
export type Style = ReturnType<typeof pc.createColors>;
export type Paint = (text: string) => string;

export const PLAIN: Style = pc.createColors(false);
export const COLOURED: Style = pc.createColors(true);

export const unpainted: Paint = (text) => text;

/**
 * Colour is used if the stream is a terminal and the user has not turned it off (NO_COLOR, --no-color, TERM=dumb), or
 * has forced it (FORCE_COLOR). This is decided per stream: `sglab run X | less` is plain while stderr is not.
 */
export function styleFor(stream: { isTTY?: boolean | undefined } = process.stdout): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return PLAIN;
  if (FORCE_COLOR) return FORCE_COLOR === '0' ? PLAIN : COLOURED;
  return stream.isTTY && TERM !== 'dumb' ? COLOURED : PLAIN;
}

/** Columns to fill: 80 where a terminal has none to tell. Without one nothing is shortened and the width is unlimited. */
export function widthOf(stream: { isTTY?: boolean | undefined; columns?: number } = process.stdout): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
}
