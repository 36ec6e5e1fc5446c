import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Cloud } from '../../../cloud/types.js';
import { agedText } from '../../../verdict/phrases.js';
import { call } from '../../live/call.js';
import { notify, notifyFailure } from '../../shell/notices.js';
import { ConnectionTable } from './connection-table.js';

/** Just beyond each of AWS's time-outs of idle connections. */
const KNOWN = [
  { value: '31', label: 'UDP, one exchange (30 s)' },
  { value: '181', label: 'UDP stream (180 s)' },
  { value: '351', label: 'TCP established, Nitro v6 (350 s)' },
  { value: '432001', label: 'TCP established (5 days)' },
];

/** Lets time pass, and shows what becomes of connections. */
export function AdvancePanel({ cloud }: { readonly cloud: Cloud }) {
  const [text, setText] = useState('31');
  const [isBusy, setBusy] = useState(false);
  const [aged, setAged] = useState(0);
  const isSeconds = /^[1-9]\d{0,8}$/.test(text);
  const advance = async () => {
    setBusy(true);
    try {
      const result = await call('advance', { seconds: Number(text) });
      notify({ type: 'success', header: `${text} seconds have passed`, content: agedText(result) });
    } catch (error) {
      notifyFailure('Time did not pass', error);
    }
    setBusy(false);
    setAged((count) => count + 1);
  };
  return (
    <Container
      header={
        <Header variant="h2" description="Time passes at once, for every tracked connection.">
          Let time pass
        </Header>
      }
    >
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="s" alignItems="end">
          <FormField label="Seconds" errorText={isSeconds ? null : 'A whole number of seconds'}>
            <Input type="number" value={text} onChange={({ detail }) => setText(detail.value)} />
          </FormField>
          <FormField label="Beyond a time-out of AWS">
            <Select
              options={KNOWN}
              selectedOption={KNOWN.find(({ value }) => value === text) ?? null}
              placeholder="Choose one"
              onChange={({ detail }) => setText(detail.selectedOption.value ?? text)}
            />
          </FormField>
          <Button disabled={!isSeconds} loading={isBusy} onClick={advance}>
            Advance
          </Button>
        </SpaceBetween>
        <ConnectionTable cloud={cloud} aged={aged} />
      </SpaceBetween>
    </Container>
  );
}
