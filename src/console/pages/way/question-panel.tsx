import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import type { Cloud } from '../../../cloud/types.js';
import { go } from '../../shell/route.js';
import { machinesOf } from '../reachability/choose.js';
import { hasPort, type QuestionForm, questionOf } from './question.js';

interface Props {
  readonly cloud: Cloud;
  readonly initial: QuestionForm;
  /** Told when the question that is there is asked once more. */
  readonly onAgain: () => void;
}

const PROTOCOLS = [
  { value: 'tcp', label: 'TCP' },
  { value: 'udp', label: 'UDP' },
  { value: 'icmp', label: 'ICMP' },
  { value: 'icmpv6', label: 'ICMPv6' },
];

export function QuestionPanel({ cloud, initial, onAgain }: Props) {
  const [form, setForm] = useState(initial);
  const question = questionOf(form);
  const analyze = () => {
    if (question === null) return;
    const isSame = JSON.stringify(questionOf(initial)) === JSON.stringify(question);
    if (isSame) onAgain();
    else go(['way'], { ...question });
  };
  const protocol = PROTOCOLS.find(({ value }) => value === form.protocol) ?? { value: form.protocol };
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button variant="primary" disabled={question === null} onClick={analyze}>
              Analyze path
            </Button>
          }
        >
          Path
        </Header>
      }
    >
      <ColumnLayout columns={4}>
        <EndField label="Source" cloud={cloud} word={form.from} onWord={(from) => setForm({ ...form, from })} />
        <EndField label="Destination" cloud={cloud} word={form.to} onWord={(to) => setForm({ ...form, to })} />
        <FormField label="Protocol">
          <Select
            options={PROTOCOLS}
            selectedOption={protocol}
            onChange={({ detail }) => setForm({ ...form, protocol: detail.selectedOption.value ?? '' })}
          />
        </FormField>
        <FormField label="Destination port">
          <Input
            value={hasPort(form.protocol) ? form.port : ''}
            disabled={!hasPort(form.protocol)}
            inputMode="numeric"
            onChange={({ detail }) => setForm({ ...form, port: detail.value })}
            onKeyDown={({ detail }) => detail.key === 'Enter' && analyze()}
          />
        </FormField>
      </ColumnLayout>
    </Container>
  );
}

interface EndProps {
  readonly label: string;
  readonly cloud: Cloud;
  readonly word: string;
  readonly onWord: (word: string) => void;
}

function EndField({ label, cloud, word, onWord }: EndProps) {
  const options = machinesOf(cloud).map((name) => ({ value: name, label: name }));
  return (
    <FormField label={label}>
      <Select
        options={options}
        selectedOption={word === '' ? null : { value: word, label: word }}
        placeholder="Choose a machine"
        empty="The lab has no machine"
        filteringType="auto"
        filteringAriaLabel={`Find a ${label.toLowerCase()}`}
        onChange={({ detail }) => onWord(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
