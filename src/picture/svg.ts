/** A picture as a file that any browser shows: no script, no font and nothing from elsewhere. */
import type { Box, Line, Picture } from './layout.js';
import { nodeTitle } from './node.js';
import { boxClass, FILE_STYLE, lineClass } from './style.js';

export function renderSvg({ title, width, height, headings, boxes, lines }: Picture): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" ${size}>`,
    `<title>${escaped(`Resource map of ${title}`)}</title>`,
    `<style>${FILE_STYLE}</style>`,
    ...headings.map(({ text, x }) => `<text class="heading" x="${x}" y="26" font-size="13">${escaped(text)}</text>`),
    ...boxes.filter(({ chips }) => chips.length === 0).map(boxElement),
    ...lines.map(lineElement),
    ...boxes.filter(({ chips }) => chips.length > 0).map(boxElement),
    '</svg>\n',
  ].join('\n');
}

function boxElement({ node, x, y, width, height, texts, chips }: Box): string {
  const parts = [
    `<g class="${boxClass(node)}"><title>${escaped(nodeTitle(node))}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    ...texts.map(
      ({ text, role, x: left, y: base, size, anchor }) =>
        `<text class="${role}" x="${left}" y="${base}" font-size="${size}" text-anchor="${anchor}">${escaped(text)}</text>`,
    ),
    ...chips.map(chipElement),
  ];
  return `${parts.join('')}</g>`;
}

function chipElement({ chip, text, x, y, width, height }: Box['chips'][number]): string {
  const look = chip === null ? 'class="chip more"' : `class="chip" style="--hue: ${chip.hue}"`;
  const rect = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
  const middle = `x="${x + width / 2}" y="${y + 12.5}" font-size="11" text-anchor="middle"`;
  return `<g ${look}>${rect}<text ${middle}>${escaped(text)}</text></g>`;
}

function lineElement({ edge, path }: Line): string {
  return `<path class="${lineClass(edge)}" d="${path}"><title>${escaped(edge.label)}</title></path>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
