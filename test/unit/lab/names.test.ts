import { describe, expect, it } from 'vitest';
import { checkLabName, hash31, instanceNamespace, ownershipTag, owningLab } from '../../../src/kernel/lab-names.js';

describe('the mark of a lab', () => {
  it('is a positive number that fits into a sysctl, the same every time', () => {
    for (const lab of ['a', 'a-b', 'securecart-web', 'x'.repeat(40)]) {
      expect(ownershipTag(lab)).toBe(ownershipTag(lab));
      expect(ownershipTag(lab)).toBeGreaterThan(0);
      expect(ownershipTag(lab)).toBeLessThan(2 ** 31);
    }
    expect(hash31('one')).not.toBe(hash31('two'));
  });
});

describe('owningLab', () => {
  it('tells labs apart whose namespaces have the same name', () => {
    const name = instanceNamespace('a', 'b-web');
    expect(name).toBe(instanceNamespace('a-b', 'web'));
    expect(owningLab(name, ownershipTag('a'))).toBe('a');
    expect(owningLab(name, ownershipTag('a-b'))).toBe('a-b');
  });

  it.each([
    ['sglab-a-web', 0],
    ['sglab-a-web', ownershipTag('b')],
    ['other-a-web', ownershipTag('a')],
    ['sglab-a', ownershipTag('a')],
    ['sglab--web', ownershipTag('')],
  ])('is null for %s with the mark %d', (name, tag) => {
    expect(owningLab(name, tag)).toBeNull();
  });
});

describe('checkLabName', () => {
  it.each(['a', 'securecart-web', 'lab2', `a${'b'.repeat(39)}`])('takes %s', (name) => {
    expect(checkLabName(name)).toBe(name);
  });

  it.each([
    '',
    '-a',
    'a-',
    'A',
    '2a',
    '..',
    '../x',
    'a/b',
    'a.b',
    'a b',
    'a\n',
    'a\0b',
    'a;reboot',
    '$(x)',
    '\x1b[31m',
    'ä',
    'a'.repeat(41),
  ])('refuses %j without repeating what a terminal would obey', (name) => {
    expect(() => checkLabName(name)).toThrow(expect.objectContaining({ code: 'InvalidLabName', exitCode: 2 }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(() => checkLabName(name)).toThrow(/^[^\x00-\x1f]*$/);
  });
});
