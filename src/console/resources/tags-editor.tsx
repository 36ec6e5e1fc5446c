import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import type { Tags } from '../../cloud/types.js';
import type { Ec2Input } from '../live/call.js';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

interface Props {
  readonly tags: readonly Tag[];
  readonly onChange: (tags: readonly Tag[]) => void;
}

export function TagsEditor({ tags, onChange }: Props) {
  const set = (at: number, change: Partial<Tag>) =>
    onChange(tags.map((tag, place) => (place === at ? { ...tag, ...change } : tag)));
  return (
    <AttributeEditor
      items={tags}
      addButtonText="Add new tag"
      removeButtonText="Remove"
      empty="No tags associated with the resource."
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: 'Key',
          control: ({ key }, at) => <Input value={key} onChange={({ detail }) => set(at, { key: detail.value })} />,
        },
        {
          label: 'Value - optional',
          control: ({ value }, at) => (
            <Input value={value} onChange={({ detail }) => set(at, { value: detail.value })} />
          ),
        },
      ]}
    />
  );
}

/** The part of a form that creates something. */
export function TagsContainer(props: Props) {
  return (
    <Container
      header={
        <Header variant="h2" description="A tag is a label that you assign to an AWS resource.">
          Tags - optional
        </Header>
      }
    >
      <TagsEditor {...props} />
    </Container>
  );
}

const NAME = 'Name';

export function nameOfTags(tags: readonly Tag[]): string {
  return tags.find(({ key }) => key === NAME)?.value ?? '';
}

/** The field of the name is the value of its tag: an empty one is none. */
export function withNameTag(tags: readonly Tag[], value: string): Tag[] {
  const others = tags.filter(({ key }) => key !== NAME);
  return value === '' ? others : [{ key: NAME, value }, ...others];
}

export function tagItems(tags: Tags): Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** As requests of the EC2 API have them. */
export function tagList(tags: readonly Tag[]): Ec2Input[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** Tags that the resource is born with; rows that nobody wrote anything into are none. */
export function tagsAtCreation(resourceType: string, tags: readonly Tag[]): Ec2Input {
  const written = tags.filter(({ key, value }) => key !== '' || value !== '');
  return written.length === 0 ? {} : { TagSpecification: [{ ResourceType: resourceType, Tag: tagList(written) }] };
}
