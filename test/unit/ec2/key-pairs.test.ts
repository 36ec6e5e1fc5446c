import { createPrivateKey, createPublicKey } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

/** Of ssh-keygen, and the fingerprints that `openssl` and `ssh-keygen -l` take of them. */
const RSA =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC4DpjiU/5c8lIvbPLsvbWv9NSItZXDikze2sZVZjWujRZ7RF9dD4EkCcnfvWaZETZ7DekDuaUWzQRvFKKWN6EL1OI80R48DIiQcHe+g1wIO3U1VcQ7XWclqMFCEBzblpN0/4p9dSbiy05MZg/2k6GEqdbNwwY09b7EjkRgqd1HfcVgeqfA5tnrMBklSECHp/qizzL0C6O2p+KeX18rNoSbykgJgAcqEIGinzITu0AeMpcWHPVA+cPiWpP0rnZh9kaAWE2PI4nvLWgErCvn9HvJzrWL/zul5LV1+Pct02stSFB/fhf+vv49LaGFwaojKChXa7uLzfE3PyGI/oXpGPzd';
const RSA_MD5 = 'c4:f1:3f:a6:0f:20:62:d0:36:e0:ff:ad:b7:c7:29:44';
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPDLKtu1USeC8hD8rt/OB5PEtvMD4WnI4cPVuQfV16AJ';
const ED25519_SHA256 = '2rKPTMMQjBqfzJJ0Imazq+kXVfc6y+M48dQE2esdpX4=';

let api: ApiOnCloud;
beforeEach(() => {
  api = new ApiOnCloud(makeShop().cloud);
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('imports public keys, with AWS’s fingerprints and their tags', async () => {
  const TagSpecification = [{ ResourceType: 'key-pair', Tag: [{ Key: 'team', Value: 'web' }] }];
  const request = { KeyName: 'one', PublicKeyMaterial: base64(`${RSA} me@here`), TagSpecification };
  const one = await api.call('ImportKeyPair', request);
  expect(one).toMatchObject({ keyName: 'one', keyFingerprint: RSA_MD5, tagSet: [{ key: 'team', value: 'web' }] });
  const two = await api.call('ImportKeyPair', { KeyName: 'two', PublicKeyMaterial: base64(ED25519) });
  expect(two.keyFingerprint).toBe(ED25519_SHA256);
  expect((await api.call('DescribeKeyPairs', { KeyName: ['one'], IncludePublicKey: true })).keySet).toMatchObject([
    { keyPairId: one.keyPairId, keyType: 'rsa', publicKey: RSA, tagSet: [{ key: 'team', value: 'web' }] },
  ]);
  expect(await api.refusal('ImportKeyPair', request)).toBe(
    "InvalidKeyPair.Duplicate: The keypair 'one' already exists.",
  );
  for (const wrong of ['hello', `${RSA.slice(0, 80)}`, RSA.replace('ssh-rsa', 'ssh-ed25519')]) {
    expect(await api.refusal('ImportKeyPair', { KeyName: 'x', PublicKeyMaterial: base64(wrong) })).toBe(
      'InvalidKey.Format: Key is not in valid OpenSSH public key format',
    );
  }
});

it('makes pairs whose halves belong together, and deletes them', async () => {
  for (const KeyType of ['rsa', 'ed25519']) {
    const { keyMaterial, keyFingerprint } = await api.call('CreateKeyPair', { KeyName: KeyType, KeyType });
    const { keySet } = await api.call('DescribeKeyPairs', { KeyName: [KeyType], IncludePublicKey: true });
    expect(keySet[0]).toMatchObject({ keyFingerprint, keyType: KeyType });
    const der = createPublicKey(createPrivateKey(keyMaterial)).export({ format: 'jwk' });
    const blob = Buffer.from(keySet[0].publicKey.split(' ')[1], 'base64');
    expect(blob.includes(Buffer.from(der.x ?? der.n ?? '', 'base64url'))).toBe(true);
    await api.call('DeleteKeyPair', { KeyName: KeyType });
    expect(await api.refusal('DescribeKeyPairs', { KeyName: [KeyType] })).toBe(
      `InvalidKeyPair.NotFound: The key pair '${KeyType}' does not exist`,
    );
  }
  await api.call('DeleteKeyPair', { KeyName: 'never' });
});
