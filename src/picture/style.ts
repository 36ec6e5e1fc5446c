/** How a picture looks, as a style sheet: on the console's page and in a file, in light and in dark. */

const LIGHT = `
  --ink: #0f141a; --quiet: #424650; --paper: #ffffff; --edge: #8c8c94; --line: #656871; --accent: #006ce0; --alarm: #db0000;
  --subnet: #f6f6f9; --vpc: #ebebf0; --chip-saturation: 72%; --chip-lightness: 86%; --chip-edge: 45%;`;
const DARK = `
  --ink: #ebebf0; --quiet: #b4b4bb; --paper: #161d26; --edge: #656871; --line: #8c8c94; --accent: #42b4ff; --alarm: #ff7a7a;
  --subnet: #1b232d; --vpc: #232b37; --chip-saturation: 45%; --chip-lightness: 25%; --chip-edge: 55%;`;

const SHAPES = `
  .picture text { fill: var(--ink); font-family: "Amazon Ember", "Open Sans", "Helvetica Neue", Arial, sans-serif; }
  .picture .name { font-weight: 600; }
  .picture .detail, .picture .heading { fill: var(--quiet); }
  .picture .box rect { fill: var(--paper); stroke: var(--edge); }
  .picture .box.subnet > rect { fill: var(--subnet); }
  .picture .box.vpc > rect { fill: var(--vpc); }
  .picture .box.stopped > rect { stroke-dasharray: 4 3; }
  .picture .box.stopped .name { fill: var(--quiet); }
  .picture .box .chip rect {
    fill: hsl(var(--hue) var(--chip-saturation) var(--chip-lightness));
    stroke: hsl(var(--hue) var(--chip-saturation) var(--chip-edge));
  }
  .picture .box .chip.more rect { fill: none; stroke: none; }
  .picture .line { fill: none; stroke: var(--line); stroke-width: 1.2; }
  .picture .line.association { opacity: 0.7; }
  .picture .line.target { stroke-dasharray: 5 4; }
  .picture .line.blackhole { stroke: var(--alarm); stroke-dasharray: 2 4; }`;

/** On the page, whose mode is the user's choice. */
export const PAGE_STYLE = `.picture {${LIGHT}\n}\n.awsui-dark-mode .picture {${DARK}\n}${SHAPES}`;

/** In a file, which is seen as its reader's system is. */
export const FILE_STYLE = `.picture {${LIGHT}\n}\n@media (prefers-color-scheme: dark) { .picture { background: #161d26;${DARK}\n} }${SHAPES}`;

export function boxClass({ kind, isStopped }: { readonly kind: string; readonly isStopped: boolean }): string {
  return `box ${kind}${isStopped ? ' stopped' : ''}`;
}

export function lineClass({ kind, isBlackhole }: { readonly kind: string; readonly isBlackhole: boolean }): string {
  return `line ${kind}${isBlackhole ? ' blackhole' : ''}`;
}
