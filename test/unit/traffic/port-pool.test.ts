import { expect, it } from 'vitest';
import { PortPool } from '../../../src/traffic/client.js';

it('gives every port once before any comes again, and begins elsewhere each time', () => {
  const pool = new PortPool();
  const all = 65_536 - 10_000;
  const taken = Array.from({ length: all }, () => pool.take());
  expect(new Set(taken).size).toBe(all);
  expect(Math.min(...taken)).toBe(10_000);
  expect(Math.max(...taken)).toBe(65_535);
  expect(pool.take()).toBe(taken[0]);
  const firsts = new Set(Array.from({ length: 20 }, () => new PortPool().take()));
  expect(firsts.size).toBeGreaterThan(1);
});
