import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Modal from '@cloudscape-design/components/modal';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { tagsOf } from '../../cloud/tags.js';
import { escapeInvisible } from '../../cloud/text/quote.js';
import type { Cloud, Tags } from '../../cloud/types.js';
import { ec2 } from '../live/call.js';
import { notify, notifyFailure } from '../shell/notices.js';
import { ModalFooter } from './modal-footer.js';
import { type Tag, TagsEditor, tagItems, tagList } from './tags-editor.js';

/** The tab Tags of a resource. */
export function TagsPanel({ cloud, id }: { readonly cloud: Cloud; readonly id: string }) {
  const [isOpen, open] = useState(false);
  const tags = tagsOf(cloud, id);
  return (
    <>
      <Table
        variant="container"
        contentDensity="compact"
        items={Object.entries(tags)}
        ariaLabels={{ tableLabel: 'Tags' }}
        header={
          <Header
            counter={`(${Object.keys(tags).length})`}
            actions={<Button onClick={() => open(true)}>Manage tags</Button>}
          >
            Tags
          </Header>
        }
        empty={<Box textAlign="center">No tags</Box>}
        columnDefinitions={[
          { id: 'key', header: 'Key', cell: ([key]) => escapeInvisible(key), isRowHeader: true },
          { id: 'value', header: 'Value', cell: ([, value]) => escapeInvisible(value) },
        ]}
      />
      {isOpen && <ManageTags id={id} tags={tags} onClose={() => open(false)} />}
    </>
  );
}

interface ManageProps {
  readonly id: string;
  readonly tags: Tags;
  readonly onClose: () => void;
}

function ManageTags({ id, tags, onClose }: ManageProps) {
  const [items, setItems] = useState<readonly Tag[]>(() => tagItems(tags));
  const save = async () => {
    try {
      await saveTags(id, tags, items);
      notify({ type: 'success', header: `The tags of ${id} were changed` });
      onClose();
    } catch (error) {
      notifyFailure(`The tags of ${id} were not changed`, error);
    }
  };
  return (
    <Modal
      visible
      header="Manage tags"
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={<ModalFooter verb="Save" onCancel={onClose} onConfirm={() => void save()} />}
    >
      <TagsEditor tags={items} onChange={setItems} />
    </Modal>
  );
}

/** New and changed ones first: a resource is never without the tags that it keeps. */
async function saveTags(id: string, before: Tags, items: readonly Tag[]): Promise<void> {
  const set = items.filter(({ key, value }) => before[key] !== value);
  const kept = new Set(items.map(({ key }) => key));
  const gone = Object.keys(before).filter((key) => !kept.has(key));
  if (set.length > 0) await ec2('CreateTags', { ResourceId: [id], Tag: tagList(set) });
  if (gone.length > 0) await ec2('DeleteTags', { ResourceId: [id], Tag: gone.map((Key) => ({ Key })) });
}
