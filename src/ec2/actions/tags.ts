import type { TagDescription } from '@aws-sdk/client-ec2';
import { checkResource, resourceKind } from '../../cloud/resources.js';
import { createTags, deleteTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { toTags } from '../requests/tags.js';
import { unlisted } from '../views/common.js';

export const tagActions = { CreateTags, DeleteTags, DescribeTags };

interface OneTag {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
}

async function CreateTags(
  { Resources = [], Tags = [] }: Input<'CreateTags'>,
  context: ActionContext,
): Promise<Output<'CreateTags'>> {
  const tags = toTags(Tags);
  await context.change((cloud) => ({ cloud: createTags(present(cloud, Resources), Resources, tags) }));
}

/** A request without tags deletes all of the resources' tags, and a tag without a value is deleted whatever its value is. */
async function DeleteTags(
  { Resources = [], Tags }: Input<'DeleteTags'>,
  context: ActionContext,
): Promise<Output<'DeleteTags'>> {
  const tags = Tags?.map(({ Key = '', Value }) => ({ key: Key, value: Value ?? null })) ?? null;
  await context.change((cloud) => ({ cloud: deleteTags(present(cloud, Resources), Resources, tags) }));
}

const TAGS: Description<OneTag, TagDescription> = {
  structure: 'TagDescription',
  idOf: ({ id, key }) => `${id}/${key}`,
  itemOf: (_cloud, { id, type, key, value }) => ({
    Key: key,
    ResourceId: id,
    ResourceType: unlisted(type),
    Value: value,
  }),
  filters: ['key', 'resource-id', 'resource-type', 'value'],
  tagsOf: ({ key, value }) => ({ [key]: value }),
};

function DescribeTags(request: Input<'DescribeTags'>, { cloud }: ActionContext): Output<'DescribeTags'> {
  const { items, NextToken } = describeItems(cloud, allTags(cloud), request, TAGS);
  return { Tags: items, NextToken };
}

/** The tags are sorted by resource and key, so that pages follow one another. */
function allTags(cloud: Cloud): OneTag[] {
  const sorted = <T>(record: Readonly<Record<string, T>>) =>
    Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted(cloud.tags).flatMap(([id, tags]) => {
    const type = resourceKind(id)?.type ?? '';
    return sorted(tags).map(([key, value]) => ({ id, type, key, value }));
  });
}

function present(cloud: Cloud, ids: readonly string[]): Cloud {
  for (const id of ids) checkResource(cloud, id);
  return cloud;
}
