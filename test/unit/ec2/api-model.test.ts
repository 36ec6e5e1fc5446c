import path from 'node:path';
import { expect, it } from 'vitest';
import { API_MODEL } from '../../../src/ec2/api-model.js';
import type { ApiModel } from '../../../src/ec2/api-model-types.js';
import { extractApiModel } from './extract-api-model.js';

const COMMITTED = path.resolve('src/ec2/api-model.ts');

it('is what AWS publishes of the supported actions', async () => {
  await expect(source(extractApiModel())).toMatchFileSnapshot(COMMITTED);
});

it('knows the spellings that surprise', () => {
  const member = (structure: string, name: string) => API_MODEL.structures[structure]?.members[name];
  expect(member('CreateSecurityGroupRequest', 'Description')).toEqual([
    'GroupDescription',
    'GroupDescription',
    'string',
  ]);
  expect(member('IpPermission', 'UserIdGroupPairs')).toEqual(['Groups', 'groups', 'UserIdGroupPair[]']);
  expect(member('ModifyInstanceAttributeRequest', 'Groups')?.[0]).toBe('GroupId');
  expect(member('CreateNetworkAclEntryRequest', 'IcmpTypeCode')?.[0]).toBe('Icmp');
  expect(API_MODEL.structures.CreateSecurityGroupRequest?.required).toEqual(['Description', 'GroupName']);
});

/** A line for each structure, so that a new version of the model can be reviewed. */
function source({ actions, structures }: ApiModel): string {
  const lines = (record: object) =>
    Object.entries(record).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  return [
    '/** Written by test/unit/ec2/api-model.test.ts from the published model: the actions that src/ec2/handlers.ts has. */',
    "import type { ApiModel } from './api-model-types.js';",
    '',
    'export const API_MODEL: ApiModel = {',
    '  actions: {',
    ...lines(actions),
    '  },',
    '  structures: {',
    ...lines(structures),
    '  },',
    '};',
    '',
  ].join('\n');
}
