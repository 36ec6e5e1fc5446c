import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeError } from '../../../src/ec2/ec2-error.js';
import { Endpoint } from '../../../src/ec2/endpoint.js';
import { SglabError } from '../../../src/errors.js';
import { makeShop } from '../cloud/shop.js';
import { EndpointRig, errorOf } from './endpoint-rig.js';

const { cloud, vpcId } = makeShop();
let rig: EndpointRig;

beforeAll(async () => {
  rig = await EndpointRig.start(cloud);
});
afterAll(() => rig.stop());

const REGIONS = 'Action=DescribeRegions&Version=2016-11-15';
const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15';

/** After whatever a test did to it. */
async function expectAlive(): Promise<void> {
  expect((await rig.send(REGIONS)).status).toBe(200);
}

describe('a request', () => {
  it('has its id in a header and in the body', async () => {
    const { status, headers, body } = await rig.send(REGIONS);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/xml;charset=UTF-8');
    expect(body).toContain(`<requestId>${headers['x-amzn-requestid']}</requestId>`);
    const refused = await rig.send('Action=Fly');
    expect(refused.body).toContain(`<RequestID>${refused.headers['x-amzn-requestid']}</RequestID>`);
  });

  it.each(['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=UTF-8'])(
    'comes as %s',
    async (type) => {
      expect((await rig.send(REGIONS, { headers: { 'content-type': type } })).status).toBe(200);
    },
  );

  it('comes as a query, too', async () => {
    const { status } = await rig.send('', {
      method: 'GET',
      path: `/?${REGIONS}`,
      headers: { 'content-type': undefined },
    });
    expect(status).toBe(200);
  });

  it('has blanks as + or %20, and any text in UTF-8', async () => {
    const make = (name: string) =>
      rig.send(`Action=CreateSecurityGroup&GroupName=${name}&GroupDescription=two+words%20more&VpcId=${vpcId}`);
    expect((await make('a+b%20c')).status).toBe(200);
    expect(errorOf(await make('a+b%20c'))).toContain("'a b c' already exists");
    expect(errorOf(await rig.send(`Action=DescribeRegions&RegionName.1=%E2%82%AC`))).toContain('Invalid region: €');
  });

  it.each([
    ['ec2', 'eu-west-1', REGIONS, 403],
    ['sts', 'eu-west-1', IDENTITY, 200],
  ])('for %s scoped to %s is answered with its status', async (service, region, body, status) => {
    const answer = await rig.send(body, { headers: { authorization: rig.credentials(region, service) } });
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(errorOf(answer)).toBe(
        "AuthFailure: Credential should be scoped to a valid Region, not 'eu-west-1': this lab is the Region 'us-east-1'.",
      );
    }
  });

  it('is put off while there is no lab yet', async () => {
    const early = await EndpointRig.start(null);
    const answer = await early.send(REGIONS);
    early.stop();
    expect(answer.status).toBe(503);
  });
});

describe('sts', () => {
  it('says who one is, in the form that boto3 insists on', async () => {
    const { body, headers } = await rig.send(IDENTITY);
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
        '<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/sglab</Arn><UserId>AIDASGLABSGLABSGLABSG</UserId>' +
        '<Account>123456789012</Account></GetCallerIdentityResult>' +
        `<ResponseMetadata><RequestId>${headers['x-amzn-requestid']}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
  });

  it('refuses the rest in its own form', async () => {
    const { status, body } = await rig.send('Action=AssumeRole&Version=2011-06-15');
    expect(status).toBe(400);
    expect(body).toMatch(
      /^<\?xml.*\n<ErrorResponse xmlns="https:\/\/sts.*<Type>Sender<\/Type><Code>InvalidAction<\/Code>/,
    );
  });
});

it('an internal error names no file of the host, and leaves blocks alone', () => {
  const text = (error: Error) => describeError(error).message;
  expect(text(new SglabError('X', 'write /run/sglab/shop/state.json: no space left on device'))).toBe(
    'write …: no space left on device',
  );
  expect(text(new TypeError('file:///opt/sglab/dist/a.js:1 broke "/etc/x y"'))).toBe(
    'a defect in sglab: TypeError: …:1 broke "… y"',
  );
  const route = '`ip route del ::/0 via 10.0.0.0/8 proto 3/4` failed';
  expect(text(new SglabError('X', route))).toBe(route);
});

describe('another service', () => {
  const TEXT = (service: string) => `sglab speaks EC2 and STS: there is no ${service} here.`;

  it.each([
    ['s3', 'GET', undefined, `<Error><Code>NotImplemented</Code><Message>${TEXT('s3')}</Message>`],
    ['iam', 'POST', 'application/x-www-form-urlencoded', `<ErrorResponse><Error><Type>Sender</Type><Code>NotImpl`],
    ['route53', 'GET', undefined, `<ErrorResponse><Error><Type>Sender</Type><Code>NotImpl`],
    ['dynamodb', 'POST', 'application/x-amz-json-1.0', `{"__type":"NotImplemented","message":"${TEXT('dynamodb')}"}`],
    ['lambda', 'GET', undefined, `{"__type":"NotImplemented","message":"${TEXT('lambda')}"}`],
  ])('%s is refused in its own form', async (service, method, type, expected) => {
    const authorization = rig.credentials('us-east-1', service);
    const headers = { authorization, 'content-type': type };
    const answer = await rig.send('', { method, path: '/2015-03-31/functions/', headers });
    expect(answer.status).toBe(501);
    expect(answer.body).toContain(expected);
    if (answer.body.startsWith('{')) {
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json',
        'x-amzn-errortype': 'NotImplemented',
      });
    }
    await expectAlive();
  });
});

describe('a web page in a browser of this host', () => {
  it.each(['evil.example', 'evil.example:4580', '127.0.0.1.evil.example', 'localhost.evil.example', '169.254.169.254'])(
    'cannot come as Host %j',
    async (host) => {
      expect((await rig.send(REGIONS, { headers: { host } })).status).toBe(403);
    },
  );

  it('cannot hide behind a second Host', async () => {
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nAuthorization: ${rig.credentials()}\r\n`;
    const answer = await rig.raw(`${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('<Code>MalformedRequest</Code>');
  });

  it.each(['localhost:9999', '[::1]:4580', 'LOCALHOST', '127.0.0.1'])('but programs can come as %j', async (host) => {
    expect((await rig.send(REGIONS, { headers: { host } })).status).toBe(200);
  });

  it.each(['http://evil.example', 'null', 'http://127.0.0.1:4580', 'http://localhost'])(
    'cannot come with Origin %j, asking beforehand or not',
    async (origin) => {
      expect((await rig.send(REGIONS, { headers: { origin } })).status).toBe(403);
      expect((await rig.send('', { method: 'OPTIONS', headers: { origin } })).status).toBe(403);
    },
  );

  it('cannot load an image or submit a form that changes anything: neither is signed', async () => {
    const path = `/?Action=DeleteVpc&VpcId=${vpcId}&X-Amz-Credential=AKID/20260101/us-east-1/ec2/aws4_request`;
    const image = await rig.send('', { method: 'GET', path, headers: { authorization: undefined } });
    const form = await rig.send(REGIONS, { headers: { authorization: undefined } });
    expect([image.status, form.status]).toEqual([403, 403]);
    expect(errorOf(form)).toMatch(/^MissingAuthenticationToken: .*sglab env/);
    expect(errorOf(await rig.send(REGIONS, { headers: { authorization: 'Basic YTpi' } }))).toMatch(
      /^IncompleteSignature/,
    );
  });
});

describe('what is malformed gets an error, and the endpoint lives', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, at) => `Tag.${at + 1}.Key=k${at}`).join('&');
  const MANY = `Action=CreateTags&ResourceId.1=${vpcId}&${tags(20_000)}`;
  const DEEP = `Action=DescribeRegions&${'Filter.1.'.repeat(5000)}Name=x`;

  it.each<[string, string | Buffer, number, string]>([
    ['nothing', '', 400, 'MissingAction'],
    ['only separators', '&&==&', 400, 'MissingAction'],
    ['an action of another kind', 'Action=constructor', 400, 'InvalidAction'],
    ['bad UTF-8', Buffer.from('Action=DescribeRegions&RegionName.1=\xff', 'latin1'), 400, 'MalformedQueryString'],
    ['escaped bad UTF-8', 'Action=DescribeRegions&RegionName.1=%C3%28', 400, 'MalformedQueryString'],
    ['half an escape', 'Action=DescribeRegions&RegionName.1=%E', 400, 'MalformedQueryString'],
    [
      'a NUL',
      'Action=DescribeRegions&RegionName.1=%00',
      400,
      'InvalidParameterValue: A parameter has control characters',
    ],
    ['an action twice', 'Action=DescribeRegions&Action=DeleteVpc', 400, 'InvalidParameterCombination'],
    ['thousands of parameters', MANY, 400, 'InvalidRequest'],
    ['a path of thousands of words', DEEP, 400, 'UnknownParameter'],
    ['10 MB', Buffer.alloc(10 * 1024 * 1024, 'a'), 413, 'RequestEntityTooLarge'],
    ['JSON where a form should be', '{"Action":"DescribeRegions"}', 400, 'MissingAction'],
    ['a prototype', 'Action=DescribeRegions&__proto__.x=1&constructor.prototype.y=2', 400, 'UnknownParameter'],
  ])('%s', async (_what, body, status, code) => {
    const answer = await rig.send(body);
    expect({ status: answer.status, error: errorOf(answer) }).toEqual({
      status,
      error: expect.stringMatching(new RegExp(`^${code}`)),
    });
    await expectAlive();
  });

  it('10 MB in pieces of unknown length', async () => {
    const headers = { 'transfer-encoding': 'chunked' };
    expect((await rig.send(Buffer.alloc(10 * 1024 * 1024, 'a'), { headers })).status).toBe(413);
    await expectAlive();
  });

  it.each([
    ['text/plain', 415],
    ['application/json', 415],
    ['application/x-amz-json-1.1', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/x-www-form-urlencoded; charset=utf-16', 415],
    [undefined, 415],
  ])('content type %s', async (type, status) => {
    expect((await rig.send(REGIONS, { headers: { 'content-type': type } })).status).toBe(status);
  });

  it.each([
    ['PUT', '/', 405],
    ['DELETE', '/', 405],
    ['POST', '/latest/meta-data', 404],
    ['POST', '//', 404],
    ['POST', '/../../etc/passwd', 404],
    ['GET', '/bucket/key', 404],
  ])('%s %s', async (method, path, status) => {
    expect((await rig.send('', { method, path })).status).toBe(status);
  });

  it.each<[string, string | Buffer]>([
    ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'],
    ['garbage after a request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n\0\0garbage\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a body that is cut short', `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n${REGIONS}`],
    ['a head without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}`],
    ['no Host', `GET /?${REGIONS} HTTP/1.1\r\nHost:\r\n\r\n`],
    ['an old HTTP', `GET /?${REGIONS} HTTP/1.0\r\n\r\n`],
    ['nothing at all', ''],
  ])('on the wire: %s', async (_what, bytes) => {
    expect(await rig.raw(bytes)).not.toContain(' 200 ');
    await expectAlive();
  });

  it('a hundred connections that hang up in the middle', async () => {
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${rig.credentials()}\r\nContent-Length: 99\r\n\r\nAct`;
    await Promise.all(Array.from({ length: 100 }, () => rig.raw(head)));
    await expectAlive();
  });
});

describe('the port', () => {
  it('is the wanted one or none, the one before if it is free, else the next', async () => {
    const { port } = rig.endpoint;
    await expect(Endpoint.listen({ wanted: port, before: null })).rejects.toThrow(
      `port ${port} is in use on 127.0.0.1`,
    );
    const next = await Endpoint.listen({ wanted: null, before: port });
    const free = next.port;
    next.destroy();
    expect(free).not.toBe(port);
    const again = await Endpoint.listen({ wanted: null, before: free });
    expect(again.port).toBe(free);
    again.destroy();
  });
});
