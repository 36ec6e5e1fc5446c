import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Cloud } from '../../cloud/types.js';
import { ec2 } from '../live/call.js';
import { failureText, notify } from '../shell/notices.js';
import { ModalFooter } from './modal-footer.js';
import { idAndName } from './names.js';

/** A kind of resource, and the request that deletes one of it. */
export interface Deleted {
  /** In AWS's words: `security group`. */
  readonly noun: string;
  readonly action: string;
  /** The member of the request that names it. */
  readonly idMember: string;
}

interface Props {
  readonly cloud: Cloud;
  readonly kind: Deleted;
  readonly ids: readonly string[];
  readonly onClose: () => void;
}

interface Refusal {
  readonly id: string;
  readonly text: string;
}

/** Asks before it deletes; what AWS refuses stays, and the modal says why in AWS's words. */
export function DeleteResources({ cloud, kind, ids, onClose }: Props) {
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const remove = async () => {
    const refused = await deleteAll(kind, ids);
    setRefusals(refused);
    if (refused.length === 0) onClose();
  };
  const isOne = ids.length === 1;
  return (
    <Modal
      visible
      header={`Delete ${kind.noun}${isOne ? '' : 's'}`}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <ModalFooter verb="Delete" isDisabled={ids.length === 0} onCancel={onClose} onConfirm={() => void remove()} />
      }
    >
      <SpaceBetween size="m">
        <Box>{`Are you sure that you want to delete ${isOne ? `this ${kind.noun}` : `these ${kind.noun}s`}?`}</Box>
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

/** On the page of a resource, which says once it is gone that it is. */
export function DeleteButton({ cloud, kind, id }: Pick<Props, 'cloud' | 'kind'> & { readonly id: string }) {
  const [isOpen, open] = useState(false);
  return (
    <>
      <Button onClick={() => open(true)}>{`Delete ${kind.noun}`}</Button>
      {isOpen && <DeleteResources cloud={cloud} kind={kind} ids={[id]} onClose={() => open(false)} />}
    </>
  );
}

/** @returns what was refused. A group that others of the list refer to goes once those are gone. */
async function deleteAll(kind: Deleted, ids: readonly string[]): Promise<readonly Refusal[]> {
  const { noun, action, idMember } = kind;
  const refused: Refusal[] = [];
  for (const id of ids) {
    try {
      await ec2(action, { [idMember]: id });
      notify({ type: 'success', header: `The ${noun} ${id} was deleted` });
    } catch (error) {
      refused.push({ id, text: failureText(error) });
    }
  }
  const isProgress = refused.length > 0 && refused.length < ids.length;
  return isProgress
    ? deleteAll(
        kind,
        refused.map(({ id }) => id),
      )
    : refused;
}
