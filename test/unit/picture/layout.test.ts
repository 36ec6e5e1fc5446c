import { describe, expect, it } from 'vitest';
import { diagramOf } from '../../../src/picture/diagram.js';
import { type Box, layOut } from '../../../src/picture/layout.js';
import { FOLD_AUTO } from '../../../src/picture/machines.js';
import { isMachine } from '../../../src/picture/node.js';
import { largeCloud, SHOP } from './small-cloud.js';

describe.each([
  ['a small lab', SHOP, FOLD_AUTO],
  ['a lab of 400 machines, unfolded', largeCloud(400), { ...FOLD_AUTO, by: 'none' as const }],
])('the picture of %s', (_, cloud, folding) => {
  const picture = layOut(diagramOf(cloud, folding));

  it('keeps boxes apart, except for what stands inside another', () => {
    const outer = picture.boxes.filter(({ node }) => !isMachine(node));
    const machines = picture.boxes.filter(({ node }) => isMachine(node));
    for (const boxes of [outer, machines]) expect(overlaps(boxes)).toEqual([]);
    const subnets = picture.boxes.filter(({ node }) => node.kind === 'subnet');
    for (const machine of machines) expect(subnets.filter((subnet) => holds(subnet, machine))).toHaveLength(1);
  });

  it('keeps everything on its paper, and every text and chip in its box', () => {
    const paper = { x: 0, y: 0, width: picture.width, height: picture.height };
    for (const box of picture.boxes) {
      expect(holds(paper, box)).toBe(true);
      for (const chip of box.chips) expect(holds(box, chip)).toBe(true);
      for (const { x } of box.texts) expect(x >= box.x && x <= box.x + box.width).toBe(true);
    }
  });
});

it('counts the groups of a machine that have no room', () => {
  const [name] = Object.keys(SHOP.securityGroups);
  const group = SHOP.securityGroups[name ?? ''];
  if (group === undefined) throw new Error('there is no group');
  const many = Array.from({ length: 16 }, (_, at) => ({ ...group, id: `sg-${at}`, name: `a-group-of-many-${at}` }));
  const [eni] = Object.values(SHOP.networkInterfaces);
  if (eni === undefined) throw new Error('there is no interface');
  const cloud = {
    ...SHOP,
    securityGroups: { ...SHOP.securityGroups, ...Object.fromEntries(many.map((each) => [each.id, each])) },
    networkInterfaces: { ...SHOP.networkInterfaces, [eni.id]: { ...eni, groupIds: many.map(({ id }) => id) } },
  };
  const box = layOut(diagramOf(cloud, FOLD_AUTO)).boxes.find(({ node }) => node.id === eni.id);
  const shown = box?.chips.filter(({ chip }) => chip !== null) ?? [];
  expect(box?.chips.at(-1)?.text).toBe(`+${16 - shown.length}`);
});

type Area = Pick<Box, 'x' | 'y' | 'width' | 'height'>;

function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((one, at) =>
    boxes.slice(at + 1).flatMap((other) => {
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      return apart ? [] : [`${one.node.name} and ${other.node.name}`];
    }),
  );
}

function holds(outer: Area, inner: Area): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
