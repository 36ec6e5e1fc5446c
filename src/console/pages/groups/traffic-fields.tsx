/** The three columns of Type, Protocol and Port range: of rules, and of entries of network ACLs. */
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { protocolLabel, RULE_TYPES, ruleType, type Traffic, trafficOfType } from './rule-types.js';

interface Props {
  readonly ariaLabel: string;
  /** Empty, so that the label of the column does not take the place of the row's own. */
  readonly ariaLabelledby: string;
  readonly traffic: Traffic;
  readonly onChange: (traffic: Traffic) => void;
}

export function TypeSelect({ traffic, onChange, ...labels }: Props) {
  return (
    <Select
      {...labels}
      selectedOption={{ value: traffic.type, label: traffic.type }}
      options={RULE_TYPES.map(({ name }) => ({ value: name, label: name }))}
      filteringType="auto"
      filteringAriaLabel="Find a type"
      expandToViewport
      onChange={({ detail }) => onChange(trafficOfType(ruleType(detail.selectedOption.value ?? '')))}
    />
  );
}

export function ProtocolInput({ traffic, onChange, ...labels }: Props) {
  const isFixed = ruleType(traffic.type).protocol !== null;
  return (
    <Input
      {...labels}
      value={isFixed ? protocolLabel(traffic.protocol) : traffic.protocol}
      disabled={isFixed}
      placeholder="0 - 255"
      onChange={({ detail }) => onChange({ ...traffic, protocol: detail.value })}
    />
  );
}

export function PortsInput({ traffic, onChange, ...labels }: Props) {
  return (
    <Input
      {...labels}
      value={traffic.ports}
      disabled={ruleType(traffic.type).ports !== null}
      placeholder={traffic.protocol.startsWith('icmp') ? 'type/code, e.g. 3/4' : '0'}
      onChange={({ detail }) => onChange({ ...traffic, ports: detail.value })}
    />
  );
}
