import type { KeyPair as KeyPairAnswer, KeyPairInfo } from '@aws-sdk/client-ec2';
import { createKeyPair, deleteKeyPair, findKeyPair } from '../../cloud/instances/key-pair.js';
import type { KeyPair } from '../../cloud/instances/types.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { newKey, readKey } from '../ssh-keys.js';
import { tagList } from '../views/common.js';

export const keyPairActions = { CreateKeyPair, ImportKeyPair, DeleteKeyPair, DescribeKeyPairs };

/** The private half is in the answer and nowhere else. */
async function CreateKeyPair(
  { KeyName = '', KeyType = 'rsa', KeyFormat = 'pem', TagSpecifications }: Input<'CreateKeyPair'>,
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
  { KeyName = '', PublicKeyMaterial, TagSpecifications }: Input<'ImportKeyPair'>,
  context: ActionContext,
): Promise<Output<'ImportKeyPair'>> {
  // The API model reads a blob as its Base64 text.
  const key = readKey(Buffer.from(String(PublicKeyMaterial), 'base64').toString());
  const { cloud, keyPair } = await keep(context, { ...key, name: KeyName }, TagSpecifications);
  return summary(cloud, keyPair);
}

async function DeleteKeyPair(
  { KeyName, KeyPairId }: Input<'DeleteKeyPair'>,
  context: ActionContext,
): Promise<Output<'DeleteKeyPair'>> {
  const word = KeyPairId ?? KeyName;
  if (word === undefined) throw missingParameter('KeyName');
  const id = findKeyPair(context.cloud, word)?.id;
  await context.change((before) => ({ cloud: deleteKeyPair(before, word) }));
  return { Return: true, KeyPairId: id };
}

const KEY_PAIRS: Description<KeyPair, KeyPairInfo> = {
  structure: 'KeyPairInfo',
  idOf: ({ id }) => id,
  itemOf: (cloud, keyPair) => ({
    ...summary(cloud, keyPair),
    KeyType: keyPair.type,
    CreateTime: new Date(keyPair.createTime),
    PublicKey: keyPair.publicKey,
  }),
  filters: ['key-name', 'key-pair-id'],
  paths: { fingerprint: 'KeyFingerprint' },
};

function DescribeKeyPairs(
  { KeyNames = [], KeyPairIds = [], Filters, IncludePublicKey }: Input<'DescribeKeyPairs'>,
  { cloud }: ActionContext,
): Output<'DescribeKeyPairs'> {
  const named = [...KeyNames, ...KeyPairIds].map((word) => {
    const keyPair = findKeyPair(cloud, word);
    if (keyPair !== undefined) return keyPair;
    throw new Ec2Error('InvalidKeyPair.NotFound', `The key pair '${printable(word)}' does not exist`);
  });
  const asked = named.length === 0 ? Object.values(cloud.keyPairs) : named;
  const { items } = describeItems(cloud, asked, { Filters }, KEY_PAIRS);
  return {
    KeyPairs: items.map(({ PublicKey, ...item }) => (IncludePublicKey === true ? { ...item, PublicKey } : item)),
  };
}

function keep(
  context: ActionContext,
  key: Omit<KeyPair, 'id' | 'createTime'>,
  specifications: Input<'CreateKeyPair'>['TagSpecifications'],
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
