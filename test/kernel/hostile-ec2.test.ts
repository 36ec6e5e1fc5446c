/** The EC2 endpoint: SGLAB_TEST_REQUESTS mutated requests of every action, after which the controller is what it was. */
import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostileForms } from '../unit/ec2/hostile-forms.js';
import { besiege, knock, REQUESTS, REQUESTS_MS } from './support/door.js';
import { Relay } from './support/relay.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';

let lab: RunningLab;
let relay: Relay;
let variables: Readonly<Record<string, string>>;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
  ({ variables } = await lab.host.json<{ variables: Record<string, string> }>(['env', lab.name]));
  relay = await Relay.start(lab.host, Number(new URL(variables.AWS_ENDPOINT_URL_EC2 ?? '').port));
});
afterAll(async () => {
  await relay?.stop();
  await lab?.stop();
});

/** Signed as clients do. */
function headersOf(body: Uint8Array, secret: string): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), variables.AWS_REGION ?? '', 'ec2', 'aws4_request'];
  const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const request = ['POST', '/', '', 'host:127.0.0.1', `x-amz-date:${time}`, '', 'host;x-amz-date', hash(body)].join(
    '\n',
  );
  const key = scope.reduce<string | Buffer>(mac, `AWS4${secret}`);
  const signature = mac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), hash(request)].join('\n')).toString('hex');
  return {
    'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
    Host: '127.0.0.1',
    'X-Amz-Date': time,
    Authorization: `AWS4-HMAC-SHA256 Credential=${variables.AWS_ACCESS_KEY_ID}/${scope.join('/')}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}

it(
  `takes ${REQUESTS} mutated requests, of which those of strangers are refused`,
  async () => {
    const sent = fc.record({ body: hostileForms(await lab.cloud()), isOwner: fc.nat(9).map((n) => n > 0) });
    const owner = variables.AWS_SECRET_ACCESS_KEY ?? '';
    const sizes = await besiege(lab, sent, async ({ body, isOwner }) => {
      const headers = headersOf(body, isOwner ? owner : 'guessed');
      const answer = await knock({ agent: relay.agent }, { method: 'POST', path: '/', headers, body });
      if (!isOwner) expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('AuthFailure') });
      return answer;
    });
    process.stdout.write(`${JSON.stringify(sizes)}\n`);
  },
  REQUESTS_MS,
);
