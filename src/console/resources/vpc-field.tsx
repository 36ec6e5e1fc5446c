import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { findById } from '../../cloud/lookup.js';
import { escapeInvisible } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';

interface Props {
  readonly cloud: Cloud;
  readonly vpcId: string;
  readonly onChange: (vpcId: string) => void;
}

export function VpcField({ cloud, vpcId, onChange }: Props) {
  const option = (id: string) => ({
    value: id,
    label: id,
    description: escapeInvisible(findById(cloud.vpcs, id)?.name ?? ''),
  });
  return (
    <FormField label="VPC">
      <Select
        selectedOption={vpcId === '' ? null : option(vpcId)}
        options={Object.keys(cloud.vpcs).map(option)}
        empty="The lab has no VPC"
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}

/** What a new resource is proposed for; empty in a lab without a VPC. */
export function firstVpc({ vpcs }: Cloud): string {
  const all = Object.values(vpcs);
  return (all.find(({ isDefault }) => isDefault) ?? all[0])?.id ?? '';
}
