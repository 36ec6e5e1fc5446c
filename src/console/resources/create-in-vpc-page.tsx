import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { type Ec2Input, ec2 } from '../live/call.js';
import type { LiveLab } from '../live/lab-store.js';
import { notify, notifyFailure } from '../shell/notices.js';
import { go } from '../shell/route.js';
import { FormActions } from './form-actions.js';
import { type Crumbs, ResourcePage } from './resource-page.js';
import { nameOfTags, type Tag, TagsContainer, tagsAtCreation, withNameTag } from './tags-editor.js';
import { firstVpc, VpcField } from './vpc-field.js';

/** A kind of resource that needs nothing but a VPC to be created. */
export interface CreatedInVpc {
  /** `network ACL`. */
  readonly noun: string;
  readonly description: string;
  readonly action: string;
  /** Of its tags: `network-acl`. */
  readonly resourceType: string;
  /** Reads the id from the answer. */
  readonly idOf: (answer: object) => string;
  readonly pathOf: (id: string) => readonly string[];
}

interface Props {
  readonly live: LiveLab;
  readonly kind: CreatedInVpc;
  readonly crumbs: Crumbs;
  readonly back: readonly string[];
}

export function CreateInVpcPage({ live: { cloud }, kind, crumbs, back }: Props) {
  const [vpcId, setVpcId] = useState(() => firstVpc(cloud));
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const [isSaving, setSaving] = useState(false);
  const title = `Create ${kind.noun}`;
  const save = async () => {
    setSaving(true);
    await create(kind, { VpcId: vpcId, ...tagsAtCreation(kind.resourceType, tags) });
    setSaving(false);
  };
  return (
    <ResourcePage crumbs={crumbs} title={title} description={kind.description}>
      <Container header={<Header variant="h2">{`${capitalised(kind.noun)} settings`}</Header>}>
        <SpaceBetween size="m">
          <FormField
            label="Name - optional"
            description="Creates a tag with a key of 'Name' and a value that you specify."
          >
            <Input value={nameOfTags(tags)} onChange={({ detail }) => setTags(withNameTag(tags, detail.value))} />
          </FormField>
          <VpcField cloud={cloud} vpcId={vpcId} onChange={setVpcId} />
        </SpaceBetween>
      </Container>
      <TagsContainer tags={tags} onChange={setTags} />
      <FormActions text={title} isWrong={vpcId === ''} isSaving={isSaving} back={back} onSave={save} />
    </ResourcePage>
  );
}

async function create({ noun, action, idOf, pathOf }: CreatedInVpc, request: Ec2Input): Promise<void> {
  try {
    const id = idOf(await ec2(action, request));
    notify({ type: 'success', header: `The ${noun} ${id} was created` });
    go(pathOf(id));
  } catch (error) {
    notifyFailure(`The ${noun} was not created`, error);
  }
}

function capitalised(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}
