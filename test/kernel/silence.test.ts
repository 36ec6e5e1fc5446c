/** Silence proves nothing: late answers, clients that do not take theirs, and reports that are lost. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';
import type { Started } from './support/test-host.js';

const DEFINITION = {
  name: 'silence',
  vpcs: {
    v: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { s: { cidr: '10.0.1.0/24', public: true } } },
  },
  securityGroups: {
    client: { egress: { protocol: 'all', to: '0.0.0.0/0' } },
    server: {
      ingress: [
        { protocol: 'tcp', ports: 80, from: '0.0.0.0/0' },
        { protocol: 'udp', ports: '53-54', from: '0.0.0.0/0' },
        { protocol: 'icmp', from: '0.0.0.0/0' },
      ],
    },
  },
  instances: {
    c: { subnet: 's', securityGroups: 'client', publicIp: true },
    v: { subnet: 's', securityGroups: 'server', privateIp: '10.0.1.5', publicIp: true, listen: ['tcp/80', 'udp/53'] },
  },
  internet: { stranger: { addresses: ['203.0.113.7'], listen: ['udp/53'] } },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(DEFINITION);
});
afterAll(() => lab?.stop());

/** A server of UDP port 54 in `v`, which prints what happens to it. */
const SERVER = `
import socket, sys, time
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 54))
print("ready", flush=True)
data, client = server.recvfrom(100)
print("asked", flush=True)
if sys.argv[1] != "never":
    time.sleep(float(sys.argv[1]))
    server.sendto(data, client)
time.sleep(600)
`;

async function serve(delay: string): Promise<Started> {
  const server = lab.host.startSglab(['exec', 'v', '--', 'python3', '-c', SERVER, delay], { input: null });
  await told(server);
  return server;
}

/** When it prints its next word. */
async function told(server: Started): Promise<void> {
  if (server.process.stdout === null) throw new Error('the server has no output');
  await once(server.process.stdout, 'data');
}

async function end(server: Started): Promise<void> {
  server.process.kill('SIGTERM');
  await server.result;
}

/** Runs something while the controller, all of whose threads stand still, hears nothing. */
async function whileAsleep(action: () => Promise<unknown>): Promise<void> {
  const controller = lab.host.controller();
  process.kill(controller, 'SIGSTOP');
  try {
    await action();
  } finally {
    process.kill(controller, 'SIGCONT');
  }
}

const FLOOD = `
import socket
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in range(1024, 32768):
    sender.sendto(b"x" * 64, ("10.0.1.5", port))
`;

describe('a controller that slept', () => {
  it('hears the answer that came meanwhile', async () => {
    const server = await serve('1.5');
    try {
      const asked = told(server);
      const result = lab.probe('c -> v udp/54');
      await asked;
      await whileAsleep(() => sleep(4000));
      expect(await result).toMatchObject({ outcome: 'connected', stage: null });
    } finally {
      await end(server);
    }
  });

  it('says that the reports of the time are lost where the kernel had more than its queue holds', async () => {
    const server = await serve('never');
    try {
      const asked = told(server);
      const result = lab.probe('c -> v udp/54');
      await asked;
      await whileAsleep(() => lab.host.run('ip', ['netns', 'exec', 'sglab-silence-c', 'python3', '-c', FLOOD]));
      const { outcome, explanation } = await result;
      expect(outcome).toBe('unknown');
      expect(explanation).toMatch(/reports of sglab-silence-[cv]\.eth0 came faster than they were read/);
    } finally {
      await end(server);
    }
  });

  it('calls a server silent that is', async () => {
    const server = await serve('never');
    try {
      const { outcome, stage, leg, explanation } = await lab.probe('c -> v udp/54');
      expect({ outcome, stage, leg }).toEqual({ outcome: 'timed-out', stage: 'listener', leg: 'request' });
      expect(explanation).toContain('it did not answer udp/54');
    } finally {
      await end(server);
    }
  });
});

const UNTAKEN = { outcome: 'timed-out', stage: 'listener', leg: 'reply' };

describe('a client that does not take its answer', () => {
  const inside = (machine: string, ...command: string[]) =>
    lab.host.run('ip', ['netns', 'exec', `sglab-silence-${machine}`, ...command]);

  async function behindFirewall(machine: string, action: () => Promise<void>): Promise<void> {
    const hook = '{ type filter hook input priority 0; policy drop; }';
    await inside(machine, 'nft', `add table ip own; add chain ip own in ${hook}`);
    try {
      await action();
    } finally {
      await inside(machine, 'nft', 'delete table ip own');
    }
  }

  it('is what the verdict names, whatever the protocol', async () => {
    await behindFirewall('c', async () => {
      expect(await lab.probe('c -> v tcp/81')).toMatchObject({ outcome: 'timed-out', stage: 'sg-ingress' });
      for (const what of ['tcp/80', 'udp/53', 'icmp']) {
        const { outcome, stage, leg, explanation } = await lab.probe(`c -> v ${what}`);
        expect([what, { outcome, stage, leg }]).toEqual([what, UNTAKEN]);
        expect(explanation).toContain("the answer came to c's link, but c's own machine did not take it");
      }
    });
  });

  it('is known where only the card of one end can tell', async () => {
    await behindFirewall('stranger', async () => {
      const result = await lab.probe('stranger -> v udp/53');
      expect(result).toMatchObject(UNTAKEN);
      expect(result.explanation).toContain("no place dropped the answer, but stranger's own machine did not take it");
    });
    await behindFirewall('c', async () => {
      expect(await lab.probe('c -> stranger udp/53')).toMatchObject(UNTAKEN);
    });
  });

  it('may have another MAC address than its interface', async () => {
    const link = JSON.parse(await inside('c', 'ip', '-j', 'link', 'show', 'eth0')) as [{ address: string }];
    await inside('c', 'ip', 'link', 'set', 'eth0', 'address', '02:11:22:33:44:55');
    try {
      expect(await lab.probe('c -> v udp/53')).toMatchObject(UNTAKEN);
    } finally {
      await inside('c', 'ip', 'link', 'set', 'eth0', 'address', link[0].address);
    }
  });
});
