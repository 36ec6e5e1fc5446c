/** Measures the cost of a probe. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeProbe, resolveProbe } from '../../src/cloud/text/probe.js';
import { instanceNamespace } from '../../src/kernel/lab-names.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import { closeSocket, connectSocket, openSocket, resetOnClose } from '../../src/kernel/sockets.js';
import { Lab } from '../../src/lab/lab.js';
import type { NamedQuestion } from '../../src/traffic/prober.js';
import { type BenchContext, type Benchmark, interleave } from './benchmark.js';
import { webAndDatabases } from './clouds.js';
import { figure } from './figure.js';
import { spread } from './statistics.js';

const INSTANCES = 10;

export const probes: Benchmark = {
  name: 'probes',
  summary: 'probes per second, allowed and denied mixed; a denied one against an allowed one',
  run: async (context) => {
    const live = await Lab.up(webAndDatabases(context.labName('probes'), INSTANCES), {
      file: null,
      leftovers: 'rebuild',
    });
    try {
      return [await rate(context, live), await deniedAgainstAllowed(context, live)];
    } finally {
      await live.down();
    }
  },
};

async function rate(context: BenchContext, live: Lab) {
  const mixed = everyPair(live);
  const count = context.quick ? 2000 : 10_000;
  const questions = Array.from({ length: count }, (_, i) => mixed[i % mixed.length]).filter((q) => q !== undefined);
  const results = await interleave(context, context.quick ? 3 : 7, {
    probes: async () => {
      const start = performance.now();
      const answers = await live.traffic.prober.probeAll(questions);
      const seconds = (performance.now() - start) / 1000;
      const unknown = answers.find(({ outcome }) => outcome === 'unknown');
      if (unknown) throw new Error(`a probe ended unknown: ${unknown.explanation}`);
      return count / seconds;
    },
    bare: () => bareConnects(live, count),
  });
  return figure({
    name: 'probes.rate',
    what: `tcp probes among ${INSTANCES} instances, 3 of 4 denied`,
    unit: '/s',
    values: results.probes,
    baseline: { what: 'bare connect(2), all allowed', values: results.bare },
    budget: { of: 'value', bound: 'at least', limit: 5000 },
  });
}

async function deniedAgainstAllowed(context: BenchContext, live: Lab) {
  const count = context.quick ? 200 : 1000;
  const median = async (question: NamedQuestion) => {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      await live.traffic.prober.probe(question);
      times.push(performance.now() - start);
    }
    return spread(times).median;
  };
  const times = await interleave(context, context.quick ? 3 : 7, {
    allowed: () => median(named(live, 'i-0', 'i-1', 'tcp/3306')),
    denied: () => median(named(live, 'i-1', 'i-3', 'tcp/3306')),
  });
  return figure({
    name: 'probes.denied',
    what: 'one denied tcp probe after the other',
    unit: 'ms',
    values: times.denied,
    baseline: { what: 'allowed ones', values: times.allowed },
    budget: { of: 'ratio', bound: 'at most', limit: 2 },
  });
}

/** Every ordered pair on two ports: web servers reach databases and each other's 443, databases reach no database. */
function everyPair(live: Lab): NamedQuestion[] {
  const names = Object.values(live.cloud.instances).map(({ name }) => name);
  return names.flatMap((from) =>
    names
      .filter((to) => to !== from)
      .flatMap((to) => ['tcp/443', 'tcp/3306'].map((what) => named(live, from, to, what))),
  );
}

function named(live: Lab, from: string, to: string, what: string): NamedQuestion {
  return { from, to, question: resolveProbe(live.cloud, makeProbe({ from, to, what })) };
}

/** The prober's number of probes at once: the listener accepts between two bursts, or its queue would overflow. */
const BURST = 64;

/** TCP connections per second between two of the machines, opened and closed by system calls alone. */
async function bareConnects(live: Lab, count: number): Promise<number> {
  const { question } = named(live, 'i-8', 'i-9', 'tcp/3306');
  const netns = live.namespaces.netns(instanceNamespace(live.cloud.name, 'i-8'));
  const address = sockaddr(question.destinationAddress, 3306);
  const start = performance.now();
  for (let done = 0; done < count; done += BURST) {
    for (let i = 0; i < BURST; i++) {
      const fd = openSocket(netns, 'stream', 'ipv4');
      resetOnClose(fd);
      const result = connectSocket(fd, address);
      closeSocket(fd);
      if (result !== 'connected' && result !== 'EINPROGRESS') throw new Error(`a bare connection failed: ${result}`);
    }
    await nextTurn();
  }
  return count / ((performance.now() - start) / 1000);
}
