import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openFile } from '../../../src/source/open.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-open-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** A file of that text, whose name says nothing. */
function file(text: string): string {
  const target = path.join(directory, 'file');
  fs.writeFileSync(target, text);
  return target;
}

const VPC_YAML = 'Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Properties: { CidrBlock: !Ref Block }\n';

describe('a file that is opened', () => {
  it.each([
    ['name: x\nvpcs: {}\n', 'scenario'],
    ['{ "name": "x", "vpcs": {} }', 'scenario'],
    ['{ name: x, vpcs: {} }', 'scenario'],
    ['', 'scenario'],
    ['{ "SecurityGroups": [] }', 'aws'],
    ['[{ "Vpcs": [] }, { "Subnets": [] }]', 'aws'],
    ['{ "format_version": "1.2", "planned_values": {} }', 'terraform'],
    ['{ "format_version": "1.0", "values": {} }', 'terraform'],
    ['{ "Resources": {} }', 'cloudformation'],
    [VPC_YAML, 'cloudformation'],
  ])('is what it holds, whatever it is called: %j', async (text, kind) => {
    expect(await openFile(file(text))).toMatchObject({ kind });
  });

  it('is a tree that knows where everything stands, in YAML and in JSON', async () => {
    const template = (await openFile(file(VPC_YAML))).tree();
    expect(template.value).toEqual({
      Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: { Ref: 'Block' } } } },
    });
    expect(template.positionOf(['Resources', 'Vpc', 'Type'])).toEqual({ line: 3, column: 11 });
    expect(template.positionOf(['Resources', 'Vpc', 'Properties', 'CidrBlock', 'Ref'])).toEqual({
      line: 4,
      column: 35,
    });
    const answer = (await openFile(file('{\n  "Vpcs": [\n    { "VpcId": "vpc-1" }\n  ]\n}\n'))).tree();
    expect(answer.positionOf(['Vpcs', 0, 'VpcId'])).toEqual({ line: 3, column: 16 });
    // What is missing has the place of what is around it.
    expect(answer.positionOf(['Vpcs', 0, 'CidrBlock'])).toEqual({ line: 3, column: 5 });
  });

  it('is refused when it is none: reading a pipe or a device may never end', async () => {
    const pipe = path.join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const remedy = 'Write its content to a file, and name that.';
    await expect(openFile(pipe)).rejects.toThrow(`${pipe}: this is a pipe, not a file. ${remedy}`);
    await expect(openFile('/dev/zero')).rejects.toThrow(`/dev/zero: this is a device, not a file. ${remedy}`);
  });

  it('is refused when it is broken, templates for the same reasons as scenarios', async () => {
    const broken = (text: string) => async () => (await openFile(file(text))).tree();
    for (const head of ['name: x\n', 'Resources: {}\n']) {
      await expect(broken(`${head}a: *nowhere\n`)).rejects.toThrow(/file:2:4: the alias "\*nowhere" has no anchor/);
      await expect(broken(`${head}__proto__: {}\n`)).rejects.toThrow(/file:2:1: the key "__proto__" is not allowed/);
      await expect(broken(`${head}a: ${'['.repeat(100)}\n`)).rejects.toThrow(
        /file:2:\d+: the file is nested too deeply/,
      );
    }
    const deep = `{"Vpcs": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    await expect(broken(deep)).rejects.toThrow(/file:1:\d+: the file is nested too deeply/);
    for (const twice of ['{"Vpcs":\n[{"a": 1,\n"a": 2}]}', '{"Resources": {\n"V": {}, "W": {"a": "}"},\n"V": {}}}']) {
      await expect(broken(twice)).rejects.toThrow(/file:3:\d+: the key "[aV]" appears twice in this object/);
    }
    await expect(broken('name: x\0\n')).rejects.toThrow(/the file is not text: it has NUL characters/);
  });
});
