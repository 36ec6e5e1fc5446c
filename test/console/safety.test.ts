/** Whom the page of a root process answers, and what it never says. Raw requests: no browser would send most of them. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMALL } from '../kernel/support/small-lab.js';
import { TestHost } from '../kernel/support/test-host.js';

let host: TestHost;
let url: URL;
let token: string;
beforeAll(async () => {
  host = await TestHost.start();
  await host.json(['up', host.write('small.yaml', SMALL)]);
  url = new URL((await host.json<{ url: string }>(['console'])).url);
  token = url.hash.replace('#token=', '');
});
afterAll(() => host?.stop());

interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

async function curl(path: string, ...options: string[]): Promise<Answer> {
  const output = await host.run('curl', ['-sS', '-i', '--max-time', '100', ...options, `${url.origin}${path}`]);
  const end = output.indexOf('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(output)?.[1]),
    headers: output.slice(0, end).toLowerCase(),
    body: output.slice(end + 4),
  };
}

/** As the page posts. */
const post = (where: string, body: object, ...options: string[]) =>
  curl(
    where,
    ...['-H', 'Content-Type: application/json', '-H', `Origin: ${url.origin}`],
    ...['--data-binary', JSON.stringify(body), ...options],
  );

const withCookie = async () => ['-H', `Cookie: ${await rawCookie()}`];

/** The value is case-sensitive, so it is not read from the lower-cased headers. */
async function rawCookie(): Promise<string> {
  const jar = path.join(host.directory, 'jar');
  await post('/session', { token }, '-c', jar);
  const [, name, value] = /\t(sglab-\d+)\t(\S+)$/m.exec(fs.readFileSync(jar, 'utf8')) ?? [];
  return `${name}=${value}`;
}

describe('without the token', () => {
  it('nothing of the lab is answered', async () => {
    for (const where of ['/api/probe', '/api/ec2', '/api/mutate', '/api/down', '/api/constructor']) {
      expect(await post(where, {})).toMatchObject({ status: 401, body: expect.stringContaining('NoSession') });
    }
    expect((await curl('/events')).status).toBe(401);
  });

  it('a wrong one opens no session', async () => {
    for (const wrong of ['', `${token}x`, token.slice(1), token.toLowerCase(), null, { length: 43 }]) {
      const { status, headers } = await post('/session', { token: wrong });
      expect(status).toBe(401);
      expect(headers).not.toContain('set-cookie');
    }
  });

  it('a wrong cookie is none, the token itself among them', async () => {
    const { port } = url;
    for (const wrong of [`sglab-${port}=`, `sglab-${port}=${token}`, 'sglab-1=x', `sglab-${port}`]) {
      expect((await post('/api/drift', {}, '-H', `Cookie: ${wrong}`)).status).toBe(401);
    }
  });
});

describe('the cookie', () => {
  it('is out of the reach of scripts and of other sites', async () => {
    const { headers } = await post('/session', { token });
    expect(headers).toMatch(/set-cookie: sglab-\d+=.*; path=\/; httponly; samesite=strict/);
    expect(headers).not.toContain(token.toLowerCase());
  });

  it('is what a request needs', async () => {
    expect(await post('/api/drift', {}, ...(await withCookie()))).toMatchObject({ status: 200, body: '{"drift":[]}' });
  });
});

describe('another page in the same browser', () => {
  it.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1'])(
    'is refused: Origin %s',
    async (origin) => {
      const options = ['-H', 'Content-Type: application/json', '-H', `Origin: ${origin}`, ...(await withCookie())];
      expect((await curl('/api/drift', '--data-binary', '{}', ...options)).status).toBe(403);
      expect((await curl('/events', '-H', `Origin: ${origin}`, ...(await withCookie()))).status).toBe(403);
    },
  );

  it('is refused where it names no origin, too, unless it only reads', async () => {
    const options = ['-H', 'Content-Type: application/json', ...(await withCookie())];
    expect((await curl('/api/drift', '--data-binary', '{}', ...options)).status).toBe(403);
  });

  it.each(['cross-site', 'same-site'])('is refused: Sec-Fetch-Site %s', async (site) => {
    expect((await curl('/', '-H', `Sec-Fetch-Site: ${site}`)).status).toBe(403);
  });

  it.each(['evil.example', 'evil.example:4680', '127.0.0.1.evil.example', ''])(
    'is refused whose name leads here: Host "%s"',
    async (name) => {
      expect((await curl('/', '-H', name === '' ? 'Host;' : `Host: ${name}`)).status).toBe(403);
    },
  );

  it('cannot send a form or a text', async () => {
    const origin = ['-H', `Origin: ${url.origin}`, ...(await withCookie())];
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await curl('/api/drift', '-H', `Content-Type: ${type}`, '--data-binary', '{}', ...origin)).status).toBe(
        400,
      );
  });

  it('is told by no header that it may read', async () => {
    const { headers } = await post('/api/drift', {}, ...(await withCookie()));
    expect(headers).not.toContain('access-control-');
    expect((await curl('/api/drift', '-X', 'OPTIONS', '-H', 'Origin: http://evil.example')).status).toBe(403);
  });

  it('cannot show it in a frame, and no script but the built one runs', async () => {
    const { headers } = await curl('/');
    const policy = /content-security-policy: (.*)/.exec(headers)?.[1] ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers).toContain('x-content-type-options: nosniff');
  });
});

it('no path leads out of the page’s files', async () => {
  for (const where of [
    '/../package.json',
    '/assets/../../../package.json',
    '/%2e%2e/package.json',
    '/.stamp',
    '/assets',
  ]) {
    expect((await curl(where, '--path-as-is')).status).not.toBe(200);
  }
});

it('no call starts a program or ends the lab', async () => {
  for (const name of ['enter', 'down', 'console', 'grade'])
    expect((await post(`/api/${name}`, {}, ...(await withCookie()))).status).toBe(404);
});

it('keeps its token in a file that only root can read', () => {
  const file = path.join(host.runDirectory, 'small/console.json');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.readFileSync(file, 'utf8')).toContain(token);
});

it('listens on loopback only', async () => {
  const lines = (await host.run('ss', ['-Hltn'])).split('\n').filter((line) => line.includes(`:${url.port} `));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`127.0.0.1:${url.port}`);
});
