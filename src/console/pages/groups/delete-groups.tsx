import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Cloud } from '../../../cloud/types.js';
import { ec2 } from '../../live/call.js';
import { ModalFooter } from '../../resources/modal-footer.js';
import { idAndName } from '../../resources/names.js';
import { failureText, notify } from '../../shell/notices.js';

interface Props {
  readonly cloud: Cloud;
  readonly ids: readonly string[];
  readonly onClose: () => void;
}

interface Refusal {
  readonly id: string;
  readonly text: string;
}

/** Asks before it deletes; what AWS refuses stays, and the modal says why in AWS's words. */
export function DeleteGroups({ cloud, ids, onClose }: Props) {
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const remove = async () => {
    const refused = await deleteAll(ids);
    setRefusals(refused);
    if (refused.length === 0) onClose();
  };
  return (
    <Modal
      visible
      header={ids.length === 1 ? 'Delete security group' : 'Delete security groups'}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <ModalFooter verb="Delete" isDisabled={ids.length === 0} onCancel={onClose} onConfirm={() => void remove()} />
      }
    >
      <SpaceBetween size="m">
        <Box>
          Are you sure that you want to delete {ids.length === 1 ? 'this security group' : 'these security groups'}?
        </Box>
        <ul>
          {ids.map((id) => (
            <li key={id}>{idAndName(cloud, id)}</li>
          ))}
        </ul>
        {refusals.map(({ id, text }) => (
          <Alert key={id} type="error" header={`${id} was not deleted`}>
            {text}
          </Alert>
        ))}
      </SpaceBetween>
    </Modal>
  );
}

/** @returns what was refused. A group that others of the list refer to goes once those are gone. */
async function deleteAll(ids: readonly string[]): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const id of ids) {
    try {
      await ec2('DeleteSecurityGroup', { GroupId: id });
      notify({ type: 'success', header: `Security group ${id} was deleted` });
    } catch (error) {
      refused.push({ id, text: failureText(error) });
    }
  }
  const isProgress = refused.length > 0 && refused.length < ids.length;
  return isProgress ? deleteAll(refused.map(({ id }) => id)) : refused;
}
