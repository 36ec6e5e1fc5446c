/** boto3 against the endpoint: every Python that has one, as Debian's old one and a new one behave differently. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServedLab } from './support/served-lab.js';
import { MAIN } from './support/test-host.js';

const SCRIPT = fileURLToPath(new URL('clients/group-life.py', import.meta.url));
const pythons = ['python3', '/usr/bin/python3'].flatMap((python) => {
  const { status, stdout } = spawnSync(python, ['-c', 'import boto3; print(boto3.__version__)'], { encoding: 'utf8' });
  return status === 0 ? [{ python, version: stdout.trim() }] : [];
});
// Two names may be one Python.
const each = pythons.filter(({ version }, at) => pythons.findIndex((other) => other.version === version) === at);

describe.skipIf(each.length === 0)(
  `boto3${each.length === 0 ? ' (there is none: apt-get install python3-boto3)' : ''}`,
  () => {
    let lab: ServedLab;
    beforeEach(async () => {
      lab = await ServedLab.up('boto3');
    });
    afterEach(() => lab?.stop());

    it.each(each)(
      '$version: a group lives, and packets follow',
      async ({ python }) => {
        const { code, stdout, stderr } = await lab.client(python, [SCRIPT], { SGLAB: `${process.execPath} ${MAIN}` });
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toMatch(/\nA18: a filter finds nothing\n$/);
      },
      240_000,
    );
  },
);
