/** Dumps of accounts: whatever lies beside the answers that are read. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadImport } from '../../../src/import/load.js';
import { AWS_LISTS, AWS_NOT_NEEDED } from '../../../src/source/kinds.js';
import { imported, source } from './support/sources.js';

const VPC = { VpcId: 'vpc-0000000000000000a', CidrBlock: '10.0.0.0/16' };
const VPCS = { Vpcs: [VPC] };

async function withBeside(content: unknown) {
  const files = [source(content, 'beside.json'), source(VPCS, 'vpcs.json')];
  const { scenario, imported: parts } = await loadImport(files);
  return { vpcs: Object.keys(scenario.cloud.vpcs), unsupported: parts.report.unsupported };
}

describe('a file beside the answers', () => {
  it.each(AWS_NOT_NEEDED)('is not needed: %s', async (list) => {
    expect(await withBeside({ [list]: [{ Anything: 'at all' }] })).toEqual({ vpcs: [VPC.VpcId], unsupported: [] });
  });

  it('is listed if packets may depend on it', async () => {
    const { vpcs, unsupported } = await withBeside({ VpcEndpoints: [{ VpcEndpointId: 'vpce-1' }] });
    expect(vpcs).toEqual([VPC.VpcId]);
    expect(unsupported).toMatchObject([{ resource: 'VpcEndpoints', reason: 'sglab builds nothing of this kind' }]);
  });

  it.each([{ accounts: ['shop'] }, 'Notes about this account\n', 'name: x\nvpcs: {}\n'])(
    'is listed if it is no answer: %j',
    async (content) => {
      const { vpcs, unsupported } = await withBeside(content);
      expect(vpcs).toEqual([VPC.VpcId]);
      expect(unsupported).toMatchObject([{ resource: 'beside.json' }]);
    },
  );

  it('ends the import if it is broken, or not there', async () => {
    await expect(withBeside('{"Subnets": [{')).rejects.toThrow(/the JSON ends here/);
    await expect(loadImport([source(VPCS), '/nowhere.json'])).rejects.toThrow(/there is no such file/);
  });
});

it("reads the blocks of AWS's own prefix lists", async () => {
  const id = 'pl-0000000000000000a';
  const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: id }] };
  const group = { GroupId: 'sg-0000000000000000a', GroupName: 'web', VpcId: VPC.VpcId, IpPermissionsEgress: [rule] };
  const name = { PrefixListId: id, PrefixListName: 'com.amazonaws.eu-central-1.s3' };
  const lists = [
    { ...name, OwnerId: 'AWS', State: 'create-complete' },
    { ...name, Cidrs: ['3.5.136.0/22'] },
  ];
  const { cloud, unsupported } = await imported({ ...VPCS, SecurityGroups: [group], PrefixLists: lists });
  expect(cloud.prefixLists[id]?.entries.map(({ cidr }) => cidr)).toEqual(['3.5.136.0/22']);
  expect(unsupported).toEqual([]);
});

it('takes a block that is not associated any more for none', async () => {
  const gone = { CidrBlock: '10.1.0.0/16', AssociationId: 'x', CidrBlockState: { State: 'disassociated' } };
  const old = { Ipv6CidrBlock: '2001:db8:1::/56', Ipv6CidrBlockState: { State: 'disassociated' } };
  const vpc = { ...VPC, CidrBlockAssociationSet: [gone], Ipv6CidrBlockAssociationSet: [old] };
  const { cloud, unsupported } = await imported({ Vpcs: [vpc] });
  expect(Object.values(cloud.vpcs)).toMatchObject([{ cidrs: ['10.0.0.0/16'], ipv6Cidr: null }]);
  expect(unsupported).toEqual([]);
});

it('the document lists the answers that are read and those that are not needed', () => {
  const document = readFileSync('docs/import-export.md', 'utf8');
  for (const list of [...AWS_LISTS, ...AWS_NOT_NEEDED]) expect(document).toContain(`\`${list}\``);
});
