import { afterEach, describe, expect, it, vi } from 'vitest';
import { SglabError } from '../../../src/errors.js';
import { missingPrivileges, requireHost } from '../../../src/kernel/require-host.js';
import { isOlder, parseVersion } from '../../../src/kernel/tool-checks.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('requireHost', () => {
  it('names everything that is missing at once', () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.spyOn(process, 'geteuid').mockReturnValue(1000);
    const expected = {
      exitCode: 3,
      hint: expect.stringContaining('as root'), // there is no sudo on that PATH
      message: expect.stringMatching(/root.*nft.*conntrack/),
    };
    expect(requireHost).toThrow(SglabError);
    expect(requireHost).toThrow(expect.objectContaining(expected));
  });
});

describe('missingPrivileges', () => {
  it.each([
    ['000001ffffffffff', []],
    ['00000000a80425fb', ['the capability CAP_NET_ADMIN', 'the capability CAP_SYS_ADMIN']], // a container's root
    ['0000000000001000', ['the capability CAP_SYS_ADMIN']],
  ])('reads the effective capabilities %s', (capabilities, missing) => {
    vi.spyOn(process, 'geteuid').mockReturnValue(0);
    expect(missingPrivileges(`Name:\tnode\nCapEff:\t${capabilities}\nCapBnd:\t0\n`)).toEqual(missing);
  });
});

describe('tool versions', () => {
  it.each([
    ['nftables v1.0.6 (Lester Gooch #5)', '1.0.6'],
    ['ip utility, iproute2-6.1.0, libbpf 1.1.0', '6.1.0'],
    ['conntrack v1.4.7 (conntrack-tools)', '1.4.7'],
    ['no version here', null],
  ])('finds the version in %j', (output, version) => {
    expect(parseVersion(output)).toBe(version);
  });

  it.each([
    ['1.0.1', true],
    ['0.9.8', true],
    ['1.0', true],
    ['1.0.2', false],
    ['1.0.10', false],
    ['1.1', false],
  ])('compares %s with 1.0.2', (version, older) => {
    expect(isOlder(version, '1.0.2')).toBe(older);
  });
});
