import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import { findInterfaces } from '../../../src/console/map/find-interfaces.js';
import { neighbour } from '../../../src/console/map/neighbour.js';
import { newsBetween, newsText } from '../../../src/console/map/news.js';
import { diagramOf } from '../../../src/picture/diagram.js';
import { type Box, layOut } from '../../../src/picture/layout.js';
import { FOLD_AUTO } from '../../../src/picture/machines.js';
import { SHOP } from '../picture/small-cloud.js';

const PICTURE = layOut(diagramOf(SHOP, FOLD_AUTO));

describe('arrow keys', () => {
  const at = (name: string): Box => {
    const found = PICTURE.boxes.find(({ node }) => node.name === name);
    if (found === undefined) throw new Error(`there is no box ${name}`);
    return found;
  };
  const buttons = ['web-1', 'web-2', 'db-1', 'office', 'nat'].map(at);

  it('go to the next box in that direction', () => {
    expect(neighbour(buttons, at('web-1'), 'down').node.name).toBe('web-2');
    expect(neighbour(buttons, at('db-1'), 'up').node.name).toBe('web-2');
    expect(neighbour(buttons, at('web-1'), 'right').node.name).toBe('nat');
    expect(neighbour(buttons, at('office'), 'left').node.name).toBe('nat');
  });

  it('stay where there is nothing', () => {
    expect(neighbour(buttons, at('web-1'), 'left').node.name).toBe('web-1');
  });
});

describe('what a change did to the picture', () => {
  it('is told by what came, changed and went', () => {
    const cloud = [
      { type: 'terminate', machine: 'web-2' } as const,
      { type: 'attach', instance: 'web-1', group: 'db' } as const,
    ].reduce(applyMutation, SHOP);
    const news = newsBetween(PICTURE, layOut(diagramOf(cloud, FOLD_AUTO)));
    expect(newsText(news)).toBe('changed: web-1; gone: web-2');
  });
});

describe('finding machines', () => {
  it.each([
    ['web-1', 1],
    ['10.0.2.4', 1],
    ['DB', 1],
    ['private', 1],
    ['no such thing', 0],
  ])('finds %s', (text, count) => {
    expect(findInterfaces(SHOP, text)?.size).toBe(count);
  });

  it('finds nothing in particular where nothing is looked for', () => {
    expect(findInterfaces(SHOP, ' ')).toBeNull();
  });
});
