import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { Tags } from '../../cloud/types.js';
import { Ec2Error } from '../ec2-error.js';

/** Reads the tags of a resource that a request makes. Throws Ec2Error for tags of a kind of resource that it does not make. */
export function specifiedTags(
  specifications: readonly TagSpecification[] | undefined,
  made: ResourceType,
  besides: readonly ResourceType[] = [],
): Tags {
  const all = specifications ?? [];
  const other = all.find(({ ResourceType: type }) => type !== made && !besides.some((each) => each === type));
  if (all.some(({ ResourceType: type }) => type === undefined)) {
    throw new Ec2Error('InvalidParameter', 'Tag specification resource type must have a value');
  }
  if (other !== undefined) {
    const text = `'${other.ResourceType}' is not a valid taggable resource type for this operation.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  return toTags(all.filter(({ ResourceType: type }) => type === made).flatMap(({ Tags: tags }) => tags ?? []));
}

/** Throws Ec2Error when a key is given twice. */
export function toTags(tags: readonly Tag[]): Tags {
  const keys = tags.map(({ Key }) => Key ?? '');
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw new Ec2Error('InvalidParameterValue', `Duplicate tag key '${twice}' specified.`);
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
