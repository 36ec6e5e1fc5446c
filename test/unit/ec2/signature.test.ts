/** The endpoint with a lab's secret, asked by AWS's own client and by URLs that its signer presigned. */
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeShop } from '../cloud/shop.js';
import { EndpointRig, errorOf } from './endpoint-rig.js';

const OWNER = { accessKeyId: 'SGLABCLIENT', secretAccessKey: 'kept/by+the=owner' };
const STRANGER = { ...OWNER, secretAccessKey: 'guessed' };
const MINUTE = 60_000;
const AUTH_FAILURE = 'AuthFailure: AWS was not able to validate the provided access credentials';
const EXPIRED = 'RequestExpired: Request has expired.';

const { cloud } = makeShop();
let rig: EndpointRig;
beforeAll(async () => {
  rig = await EndpointRig.start(cloud, OWNER);
});
afterAll(() => rig.stop());

function clientOf(credentials: typeof OWNER): EC2Client {
  return new EC2Client({ endpoint: rig.endpoint.url, region: rig.region, credentials, maxAttempts: 1 });
}

/** `ok`, or code and message of the refusal, which the client has read. */
async function ask(credentials: typeof OWNER, filter = 'us-*'): Promise<string> {
  const client = clientOf(credentials);
  try {
    await client.send(new DescribeRegionsCommand({ Filters: [{ Name: 'region-name', Values: [filter] }] }));
    return 'ok';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } finally {
    client.destroy();
  }
}

interface Presigned {
  readonly credentials?: typeof OWNER;
  readonly service?: string;
  /** Milliseconds from now. */
  readonly at?: number;
  readonly expiresIn?: number;
  readonly query?: Readonly<Record<string, string>>;
}

const REGIONS = { Action: 'DescribeRegions', Version: '2016-11-15', 'RegionName.1': 'us-east-1' };
const IDENTITY = { Action: 'GetCallerIdentity', Version: '2011-06-15' };

/** The path of a URL that AWS's signer made. */
async function presigned(given: Presigned = {}): Promise<string> {
  const { credentials = OWNER, service = 'ec2', at = 0, expiresIn = 60, query = REGIONS } = given;
  const client = clientOf(credentials);
  const signer = await client.config.signer();
  if (!('presign' in signer)) throw new Error('the client has a signer that presigns');
  const presign = signer.presign as (request: object, options: object) => Promise<{ query: Record<string, string> }>;
  const host = new URL(rig.endpoint.url).host;
  const request = { method: 'GET', protocol: 'http:', hostname: '127.0.0.1', path: '/', query, headers: { host } };
  const options = { signingService: service, signingDate: new Date(Date.now() + at), expiresIn };
  const signed = await presign.call(signer, request, options);
  client.destroy();
  return `/?${Object.entries(signed.query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')}`;
}

const get = (path: string) => rig.send('', { method: 'GET', path, headers: { authorization: undefined } });

describe('a request of AWS’s client', () => {
  it('is answered for who has the secret, and for nobody else', async () => {
    expect(await ask(OWNER)).toBe('ok');
    expect(await ask(OWNER, "ü *~!'()/+&=")).toBe('ok');
    expect(await ask(STRANGER)).toBe(AUTH_FAILURE);
    expect(await ask({ ...OWNER, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' })).toBe(AUTH_FAILURE);
  });
});

describe('a presigned URL', () => {
  it('is answered as long as it was made for', async () => {
    expect((await get(await presigned())).body).toContain('<regionName>us-east-1</regionName>');
    expect((await get(await presigned({ at: -50 * MINUTE, expiresIn: 3600 }))).status).toBe(200);
    expect(errorOf(await get(await presigned({ at: -61 * MINUTE, expiresIn: 3600 })))).toBe(EXPIRED);
    expect(errorOf(await get(await presigned({ at: 6 * MINUTE })))).toBe(EXPIRED);
    expect((await get(await presigned({ at: 4 * MINUTE }))).status).toBe(200);
  });

  it('is refused when anything in it is not what was signed', async () => {
    const path = await presigned();
    expect(errorOf(await get(path.replace('us-east-1&', 'us-east-2&')))).toBe(AUTH_FAILURE);
    expect(errorOf(await get(`${path}&DryRun=true`))).toBe(AUTH_FAILURE);
    expect(errorOf(await get(path.replace('X-Amz-Expires=60', 'X-Amz-Expires=61')))).toBe(AUTH_FAILURE);
    expect(errorOf(await get(path.replace('X-Amz-Expires=60', 'X-Amz-Expires=x')))).toMatch(/^IncompleteSignature/);
    expect(errorOf(await get(path.replace(/X-Amz-Signature=.{8}/, 'X-Amz-Signature=zz')))).toBe(AUTH_FAILURE);
    expect(errorOf(await get(path.replace(/X-Amz-Date=\d{8}/, 'X-Amz-Date=20')))).toMatch(/^IncompleteSignature/);
    expect(errorOf(await get(await presigned({ credentials: STRANGER })))).toBe(AUTH_FAILURE);
  });

  it('for STS has the refusals of STS', async () => {
    const sts = { service: 'sts', query: IDENTITY };
    expect((await get(await presigned(sts))).body).toContain(':user/sglab</Arn>');
    expect((await get(await presigned({ ...sts, credentials: STRANGER }))).body).toContain(
      '<Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match',
    );
    const unknown = { ...OWNER, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    expect((await get(await presigned({ ...sts, credentials: unknown }))).body).toContain(
      '<Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.<',
    );
    expect((await get(await presigned({ ...sts, at: -2 * MINUTE }))).body).toMatch(
      /<Message>Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 1 min\.\)</,
    );
    expect((await get(await presigned({ ...sts, at: 6 * MINUTE }))).body).toMatch(
      /<Message>Signature not yet current: \S+ is still later than \S+ \(\S+ \+ 5 min\.\)</,
    );
  });
});
