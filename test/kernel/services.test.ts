import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';

const SUBNETS = {
  front: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1::/64', public: true },
  back: { cidr: '10.0.2.0/24' },
};
let lab: RunningLab;

/** Two VPCs with the same addresses; no interface may send or receive anything by its group. */
beforeAll(async () => {
  lab = await RunningLab.up({
    name: 'services',
    vpcs: {
      shop: { cidr: '10.0.0.0/16', ipv6Cidr: '2001:db8:1::/56', internetGateway: true, subnets: SUBNETS },
      twin: { cidr: '10.0.0.0/16', subnets: { t: { cidr: '10.0.1.0/24' } } },
    },
    securityGroups: { closed: { vpc: 'shop', egress: [] }, shut: { vpc: 'twin', egress: [] } },
    instances: {
      web: { subnet: 'front', securityGroups: 'closed', publicIp: true, listen: ['udp/53'] },
      db: { subnet: 'back', securityGroups: 'closed' },
      other: { subnet: 't', securityGroups: 'shut' },
    },
    internet: { stranger: '203.0.113.7' },
  });
});

afterAll(() => lab?.stop());

async function inside(machine: string, script: string): Promise<string> {
  const { stdout, stderr } = await lab.host.sglab(['exec', machine, '--', 'sh', '-c', script]);
  return `${stdout}${stderr}`.trim();
}

const dig = (words: string, machine = 'web') => inside(machine, `dig +short +time=2 +tries=1 ${words}`);

describe('the resolver', () => {
  it.each(['@10.0.0.2', '@169.254.169.253', '@fd00:ec2::253'])('answers at %s by UDP and TCP', async (server) => {
    expect(await dig(`${server} ip-10-0-2-4.ec2.internal`)).toBe('10.0.2.4');
    expect(await dig(`${server} +tcp ip-10-0-2-4.ec2.internal`)).toBe('10.0.2.4');
  });

  it.each([
    ['db.shop.internal', '10.0.2.4'],
    ['AAAA web.shop.internal', '2001:db8:1::4'],
    ['-x 10.0.2.4', 'ip-10-0-2-4.ec2.internal.'],
    ['ec2-198-18-0-1.compute-1.amazonaws.com', '10.0.1.4'],
    ['AAAA db.shop.internal', ''],
  ])('answers %s', async (question, answer) => {
    expect(await dig(question)).toBe(answer);
  });

  it('knows no name of another VPC, and says so', async () => {
    expect(await inside('web', 'dig other.twin.internal')).toContain('status: NXDOMAIN');
    expect(await inside('other', 'dig db.shop.internal')).toContain('status: NXDOMAIN');
    expect(await dig('other.twin.internal', 'other')).toBe('10.0.1.4');
  });

  it('is where programs inside look by themselves', async () => {
    expect(await inside('web', 'getent hosts ip-10-0-2-4')).toContain('10.0.2.4');
    expect(await inside('stranger', 'getent hosts ip-10-0-2-4.ec2.internal || echo none')).toBe('none');
  });

  it('is exempt at its own addresses only', async () => {
    expect(await lab.probe('db -> web udp/53')).toMatchObject({ outcome: 'timed-out', stage: 'sg-egress' });
  });
});

describe('instance metadata', () => {
  const TOKEN =
    'T=$(curl -s -m 3 -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token)';
  const get = (path: string, server = '169.254.169.254') =>
    `curl -s -m 3 -H "X-aws-ec2-metadata-token: $T" "http://${server}/latest/meta-data/${path}"`;

  it('tells each instance about itself, also where another VPC has the same addresses', async () => {
    const { instances } = await lab.cloud();
    for (const [name, address] of [
      ['web', '10.0.1.4'],
      ['db', '10.0.2.4'],
      ['other', '10.0.1.4'],
    ] as const) {
      const { id } = Object.values(instances).find((each) => each.name === name) ?? { id: '' };
      expect(await inside(name, `${TOKEN}; ${get('instance-id')}; echo; ${get('local-ipv4')}`)).toBe(
        `${id}\n${address}`,
      );
    }
  });

  it('answers over IPv6', async () => {
    expect(await inside('web', `${TOKEN}; ${get('public-ipv4', '[fd00:ec2::254]')}`)).toBe('198.18.0.1');
  });

  it('gives nothing without a token, with a wrong one, or through a proxy', async () => {
    const status = 'curl -s -m 3 -o /dev/null -w %{http_code}';
    expect(await inside('web', `${status} http://169.254.169.254/latest/meta-data/`)).toBe('401');
    expect(await inside('web', `T=wrong; ${get('instance-id')}`)).toContain('401');
    const proxied = '-X PUT -H "X-Forwarded-For: 10.0.1.9" -H "X-aws-ec2-metadata-token-ttl-seconds: 60"';
    expect(await inside('web', `${status} ${proxied} http://169.254.169.254/latest/api/token`)).toBe('403');
  });
});

/** Sends a datagram to [address, port] from a script, prints whence the answer `data` comes and what `show` makes of it. */
function ask([address, port]: readonly [string, number], message: string, show: string, bind = ''): string {
  const script = [
    'import socket, struct, time',
    `s = socket.socket(socket.AF_INET${address.includes(':') ? '6' : ''}, socket.SOCK_DGRAM)`,
    's.settimeout(3)',
    bind,
    `s.sendto(${message}, ("${address}", ${port}))`,
    'data, source = s.recvfrom(1500)',
    `print(source[0], ${show})`,
  ];
  return `python3 -c '${script.join('\n')}'`;
}

describe('time and leases', () => {
  it.each(['169.254.169.123', 'fd00:ec2::123'])('tells the time at %s', async (server) => {
    const seconds = 'abs(struct.unpack("!I", data[40:44])[0] - 2208988800 - time.time()) < 5';
    const answer = await inside('web', ask([server, 123], 'bytes([0x23]) + bytes(47)', seconds));
    expect(answer).toBe(`${server} True`);
  });

  it('renews the lease of the address that the interface has, and of no other', async () => {
    const renewal = (address: string) =>
      `bytes([1, 1, 6, 0]) + bytes(8) + socket.inet_aton("${address}") + bytes(220) + bytes([99, 130, 83, 99, 53, 1, 3, 255])`;
    const bind = 's.bind(("10.0.2.4", 68))';
    const show = 'socket.inet_ntoa(data[16:20]), data[242]';
    const renew = (address: string) => inside('db', ask(['10.0.2.1', 67], renewal(address), show, bind));
    expect(await renew('10.0.2.4')).toBe('10.0.2.1 10.0.2.4 5');
    expect(await renew('10.0.2.9')).toBe('10.0.2.1 0.0.0.0 6');
  });
});
