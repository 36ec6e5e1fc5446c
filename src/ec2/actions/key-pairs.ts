import type {
  CreateKeyPairRequest,
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  ImportKeyPairRequest,
  ImportKeyPairResult,
  KeyPair as KeyPairAnswer,
} from '@aws-sdk/client-ec2';
import { createKeyPair, deleteKeyPair, findKeyPair } from '../../cloud/instances/key-pair.js';
import type { KeyPair } from '../../cloud/instances/types.js';
import { createTags, tagsOf } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { type FilterValues, filterItems } from '../filters.js';
import { newKey, readKey } from '../ssh-keys.js';
import { specifiedTags, tagList } from '../tag-specifications.js';

export const keyPairActions = { CreateKeyPair, ImportKeyPair, DeleteKeyPair, DescribeKeyPairs };

const FILTERS: FilterValues<KeyPair> = {
  fingerprint: ({ fingerprint }) => [fingerprint],
  'key-name': ({ name }) => [name],
  'key-pair-id': ({ id }) => [id],
};

/** The private half is in this answer and nowhere else. */
async function CreateKeyPair(
  { KeyName = '', KeyType = 'rsa', KeyFormat = 'pem', TagSpecifications }: CreateKeyPairRequest,
  context: ActionContext,
): Promise<KeyPairAnswer> {
  if (KeyFormat !== 'pem') throw new Ec2Error('UnsupportedOperation', 'sglab writes private keys as PEM only.');
  if (KeyType !== 'rsa' && KeyType !== 'ed25519') {
    throw new Ec2Error('InvalidParameterValue', `Value (${printable(KeyType)}) for parameter keyType is invalid.`);
  }
  const { material, ...key } = await newKey(KeyType);
  const { cloud, keyPair } = await keep(context, { ...key, name: KeyName }, TagSpecifications);
  return { ...summary(cloud, keyPair), KeyMaterial: material };
}

async function ImportKeyPair(
  { KeyName = '', PublicKeyMaterial, TagSpecifications }: ImportKeyPairRequest,
  context: ActionContext,
): Promise<ImportKeyPairResult> {
  // The API model reads a blob as its Base64 text.
  const key = readKey(Buffer.from(String(PublicKeyMaterial), 'base64').toString());
  const { cloud, keyPair } = await keep(context, { ...key, name: KeyName }, TagSpecifications);
  return summary(cloud, keyPair);
}

async function DeleteKeyPair(
  { KeyName, KeyPairId }: DeleteKeyPairRequest,
  context: ActionContext,
): Promise<DeleteKeyPairResult> {
  const word = KeyPairId ?? KeyName;
  if (word === undefined) throw new Ec2Error('MissingParameter', 'The request must contain the parameter KeyName');
  const id = findKeyPair(context.cloud, word)?.id;
  await context.change((before) => ({ cloud: deleteKeyPair(before, word) }));
  return { Return: true, KeyPairId: id };
}

function DescribeKeyPairs(request: DescribeKeyPairsRequest, { cloud }: ActionContext): DescribeKeyPairsResult {
  const words = [...(request.KeyNames ?? []), ...(request.KeyPairIds ?? [])];
  const named = words.map((word) => {
    const keyPair = findKeyPair(cloud, word);
    if (keyPair !== undefined) return keyPair;
    throw new Ec2Error('InvalidKeyPair.NotFound', `The key pair '${printable(word)}' does not exist`);
  });
  const all = words.length === 0 ? Object.values(cloud.keyPairs) : named;
  const found = filterItems(all, request.Filters, FILTERS, ({ id }) => tagsOf(cloud, id));
  return {
    KeyPairs: found.map((keyPair) => ({
      ...summary(cloud, keyPair),
      KeyType: keyPair.type,
      CreateTime: new Date(keyPair.createTime),
      PublicKey: request.IncludePublicKey === true ? keyPair.publicKey : undefined,
    })),
  };
}

function keep(
  context: ActionContext,
  key: Omit<KeyPair, 'id' | 'createTime'>,
  specifications: CreateKeyPairRequest['TagSpecifications'],
) {
  const tags = specifiedTags(specifications, 'key-pair');
  return context.change((before) => {
    const made = createKeyPair(before, { ...key, createTime: context.time.toISOString() });
    return { ...made, cloud: createTags(made.cloud, [made.keyPair.id], tags) };
  });
}

function summary(cloud: Cloud, { id, name, fingerprint }: KeyPair) {
  return { KeyPairId: id, KeyName: name, KeyFingerprint: fingerprint, Tags: tagList(cloud, id) };
}
