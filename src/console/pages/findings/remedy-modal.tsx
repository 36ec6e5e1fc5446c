import Box from '@cloudscape-design/components/box';
import Modal from '@cloudscape-design/components/modal';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { servedTraffic } from '../../../cloud/instances/listener.js';
import type { Cloud } from '../../../cloud/types.js';
import { typeOf } from '../../../verify/audit/catalogue.js';
import type { Finding } from '../../../verify/audit/types.js';
import { askedOf } from '../../editing/asked.js';
import { type Change, rehearse } from '../../editing/change.js';
import { PreviewPanel } from '../../editing/preview-panel.js';
import { usePreview } from '../../editing/use-preview.js';
import { call } from '../../live/call.js';
import type { LiveLab } from '../../live/lab-store.js';
import { ModalFooter } from '../../resources/modal-footer.js';
import { notify, notifyFailure } from '../../shell/notices.js';
import { type Remedy, remediesOf } from './remedies.js';

interface RemedyModalProps {
  readonly live: LiveLab;
  readonly finding: Finding;
  readonly onClose: () => void;
}

/** Chooses a remedy, shows what it would turn, and applies it. */
export function RemedyModal({ live, finding, onClose }: RemedyModalProps) {
  const remedies = useMemo(() => remediesOf(live.cloud, finding), [live.cloud, finding]);
  const [label, choose] = useState(remedies[0]?.label ?? '');
  const [isBusy, setBusy] = useState(false);
  const remedy = remedies.find((each) => each.label === label) ?? null;
  const change = useMemo(
    () => (remedy === null ? null : changeOf(live.cloud, finding, remedy)),
    [live.cloud, finding, remedy],
  );
  // Once it is made, there is nothing left to preview: it would be refused.
  const preview = usePreview(isBusy ? null : change, live.change);
  const apply = async () => {
    if (change === null) return;
    setBusy(true);
    try {
      // Nothing is begun that would be refused half-way.
      const { requests } = await rehearse(change);
      for (const request of requests) await call('ec2', request);
      notify({ type: 'success', header: 'The remedy is in force', content: label });
    } catch (error) {
      notifyFailure('The remedy was refused', error);
    }
    onClose();
  };
  const { id, title } = typeOf(finding.kind);
  return (
    <Modal
      visible
      size="large"
      header={`${id} ${title}`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <ModalFooter
          verb="Apply"
          isBusy={isBusy}
          isDisabled={preview.state !== 'told'}
          onCancel={onClose}
          onConfirm={apply}
        />
      }
    >
      <SpaceBetween size="m">
        <Box>{finding.explanation}.</Box>
        <RadioGroup
          ariaLabel="Remedy"
          value={label}
          items={remedies.map((each) => ({ value: each.label, label: each.label }))}
          onChange={({ detail }) => choose(detail.value)}
        />
        <PreviewPanel preview={preview} change={change} />
      </SpaceBetween>
    </Modal>
  );
}

function changeOf(cloud: Cloud, { claim }: Finding, { requests }: Remedy): Change {
  const proved = claim.type === 'no-packet' ? [] : [claim.traffic];
  const questions = [...new Set([...proved, ...servedTraffic(cloud)])];
  return { ways: [requests], asked: askedOf(cloud, questions) };
}
