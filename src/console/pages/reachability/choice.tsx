import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { type Choice, MOST_MACHINES, placeOf } from './choose.js';

interface MatrixChoiceProps {
  readonly choice: Choice;
  readonly machines: readonly string[];
  /** The questions that the matrix asks now. */
  readonly asked: readonly string[];
}

const COMMON = ['tcp/22', 'tcp/80', 'tcp/443', 'tcp/3306', 'udp/53', 'icmp'];

export function MatrixChoice({ choice, machines, asked }: MatrixChoiceProps) {
  const show = (change: Partial<Choice>) => window.location.replace(placeOf({ ...choice, ...change }));
  const questions = choice.questions ?? asked;
  return (
    <Container>
      <Grid gridDefinition={[3, 3, 4, 2].map((colspan) => ({ colspan: { default: 12, xs: colspan } }))}>
        <Words
          label="Machines"
          all={machines}
          chosen={choice.machines ?? []}
          placeholder={
            machines.length > MOST_MACHINES ? `The first ${MOST_MACHINES} of ${machines.length}` : 'All machines'
          }
          onChange={(names) => show({ machines: names.length === 0 ? null : names })}
        />
        <Words
          label="Protocols and ports"
          all={[...new Set([...questions, ...COMMON])]}
          chosen={choice.questions ?? []}
          placeholder="Every served port"
          onChange={(words) => show({ questions: words.length === 0 ? null : words })}
        />
        <OtherPort onAdd={(question) => show({ questions: [...new Set([...questions, question])] })} />
        <FormField label="Rows">
          <Toggle checked={choice.fold} onChange={({ detail }) => show({ fold: detail.checked })}>
            Fold those alike
          </Toggle>
        </FormField>
      </Grid>
    </Container>
  );
}

interface WordsProps {
  readonly label: string;
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  readonly placeholder: string;
  readonly onChange: (words: readonly string[]) => void;
}

function Words({ label, all, chosen, placeholder, onChange }: WordsProps) {
  const options = all.map((value) => ({ value, label: value }));
  return (
    <FormField label={label}>
      <Multiselect
        options={options}
        selectedOptions={options.filter(({ value }) => chosen.includes(value))}
        placeholder={placeholder}
        filteringType={all.length > 10 ? 'auto' : 'none'}
        tokenLimit={3}
        deselectAriaLabel={(option) => `Remove ${option.label}`}
        onChange={({ detail }) => onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
      />
    </FormField>
  );
}

/** What a probe can be about; the controller says more about it. */
const QUESTION = /^((tcp|udp)\/\d{1,5}|icmp(v6)?(\/\d+\/\d+)?|\d{1,3})$/;

function OtherPort({ onAdd }: { readonly onAdd: (question: string) => void }) {
  const [text, setText] = useState('');
  const isQuestion = QUESTION.test(text);
  const add = () => {
    if (!isQuestion) return;
    onAdd(text);
    setText('');
  };
  return (
    <FormField label="Another port" errorText={text === '' || isQuestion ? null : 'Write tcp/8443, udp/53, icmp or 47'}>
      <SpaceBetween direction="horizontal" size="xs">
        <Input
          value={text}
          placeholder="tcp/8443"
          onChange={({ detail }) => setText(detail.value)}
          onKeyDown={({ detail }) => detail.key === 'Enter' && add()}
        />
        <Button disabled={!isQuestion} onClick={add}>
          Ask
        </Button>
      </SpaceBetween>
    </FormField>
  );
}
