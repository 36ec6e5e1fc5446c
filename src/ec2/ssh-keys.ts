/** SSH keys are made and read here. AWS takes the fingerprint of each kind of key in another way. */
import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyPair } from '../cloud/instances/types.js';
import { Ec2Error } from './ec2-error.js';

type SshKey = Pick<KeyPair, 'type' | 'fingerprint' | 'publicKey'>;

const TYPES = { 'ssh-rsa': 'rsa', 'ssh-ed25519': 'ed25519' } as const;

/** Makes a pair; `material` is its private half in PEM. */
export async function newKey(type: KeyPair['type']): Promise<SshKey & { readonly material: string }> {
  if (type === 'ed25519') {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('ed25519');
    const blob = wire(['ssh-ed25519', jwkBytes(publicKey, 'x')]);
    return {
      ...readBlob(blob, 'ssh-ed25519'),
      material: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const blob = wire(['ssh-rsa', positive(jwkBytes(publicKey, 'e')), positive(jwkBytes(publicKey, 'n'))]);
  return {
    ...readBlob(blob, 'ssh-rsa'),
    fingerprint: colons(
      createHash('sha1')
        .update(privateKey.export({ type: 'pkcs8', format: 'der' }))
        .digest('hex'),
    ),
    material: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
}

/** @param line in the form of OpenSSH: `ssh-rsa AAAA… me@here`. Throws Ec2Error. */
export function readKey(line: string): SshKey {
  const [, word, encoded] = /^(ssh-rsa|ssh-ed25519) ([A-Za-z0-9+/]+={0,2})(?:\s.*)?$/s.exec(line.trim()) ?? [];
  try {
    if (word !== undefined && encoded !== undefined) {
      return readBlob(Buffer.from(encoded, 'base64'), word as keyof typeof TYPES);
    }
  } catch {
    // the bytes are no key
  }
  throw new Ec2Error('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
}

function readBlob(blob: Buffer, word: keyof typeof TYPES): SshKey {
  const [name, first, second] = parts(blob);
  if (name?.toString() !== word || first === undefined) throw new Error('another kind of key');
  const publicKey = `${word} ${blob.toString('base64')}`;
  const type = TYPES[word];
  if (second === undefined) {
    const digest = createHash('sha256').update(blob).digest('base64');
    return { type, publicKey, fingerprint: digest };
  }
  const jwk = { kty: 'RSA', e: first.toString('base64url'), n: second.toString('base64url') };
  const der = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
  return { type, publicKey, fingerprint: colons(createHash('md5').update(der).digest('hex')) };
}

/** Each part follows its length (RFC 4251). */
function parts(blob: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) throw new Error('a part that is longer than the key');
    found.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function wire(values: readonly (string | Buffer)[]): Buffer {
  const buffers = values.flatMap((value) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(buffers);
}

/** The sign bit of an mpint stays 0. */
function positive(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

function jwkBytes(key: KeyObject, member: 'x' | 'e' | 'n'): Buffer {
  return Buffer.from(key.export({ format: 'jwk' })[member] ?? '', 'base64url');
}

function colons(hex: string): string {
  return (hex.match(/../g) ?? []).join(':');
}
