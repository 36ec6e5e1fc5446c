import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  ResourceType,
} from '@aws-sdk/client-ec2';
import { checkResource, resourceKind } from '../../cloud/resources.js';
import { createTags, deleteTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { type FilterValues, filterItems } from '../filters.js';
import { pageOf } from '../pages.js';
import { toTags } from '../tag-specifications.js';

export const tagActions = { CreateTags, DeleteTags, DescribeTags };

interface OneTag {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
}

const PAGE = { min: 5, max: 1000 };

const FILTERS: FilterValues<OneTag> = {
  key: ({ key }) => [key],
  'resource-id': ({ id }) => [id],
  'resource-type': ({ type }) => [type],
  value: ({ value }) => [value],
};

async function CreateTags({ Resources = [], Tags = [] }: CreateTagsRequest, context: ActionContext): Promise<object> {
  const tags = toTags(Tags);
  await context.change((cloud) => ({ cloud: createTags(present(cloud, Resources), Resources, tags) }));
  return {};
}

/** Without tags: all that the resources have. A tag without a value: whatever its value is. */
async function DeleteTags({ Resources = [], Tags }: DeleteTagsRequest, context: ActionContext): Promise<object> {
  const tags = Tags?.map(({ Key = '', Value }) => ({ key: Key, value: Value ?? null })) ?? null;
  await context.change((cloud) => ({ cloud: deleteTags(present(cloud, Resources), Resources, tags) }));
  return {};
}

function DescribeTags(request: DescribeTagsRequest, { cloud }: ActionContext): DescribeTagsResult {
  const found = filterItems(allTags(cloud), request.Filters, FILTERS, ({ key, value }) => ({ [key]: value }));
  const { items, NextToken } = pageOf(found, request, ({ id, key }) => `${id}/${key}`, PAGE);
  return {
    Tags: items.map(({ id, type, key, value }) => ({
      Key: key,
      ResourceId: id,
      // The marked boundary: types are written as the API's own model has them.
      ResourceType: type as ResourceType,
      Value: value,
    })),
    NextToken,
  };
}

/** By resource and key, so that pages follow one another. */
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
