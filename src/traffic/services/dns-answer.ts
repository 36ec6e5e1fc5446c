import {
  type Answer,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from 'dns-packet';
import type { Cloud } from '../../cloud/types.js';
import { addressesOf, nameOf } from './dns-zone.js';

const TTL = 60;
const NXDOMAIN = 3;

/** The resolver's answer to a DNS message (RFC 1035), or null for what is no question. */
export function answerDns(cloud: Cloud, vpcId: string, message: Buffer): Buffer | null {
  const query = parse(message);
  if (query === null || query.type !== 'query' || query.questions === undefined) return null;
  const found = query.questions.map((question) => answersFor(cloud, vpcId, question));
  const isUnknown = found.includes(null);
  const desired = (query.flags ?? 0) & RECURSION_DESIRED;
  return encode({
    id: query.id ?? 0,
    type: 'response',
    flags: RECURSION_AVAILABLE | desired | (isUnknown ? NXDOMAIN : 0),
    questions: query.questions,
    answers: found.flatMap((answers) => answers ?? []),
  });
}

function parse(message: Buffer): Packet | null {
  try {
    return decode(message);
  } catch {
    return null; // no DNS at all
  }
}

/** Empty when the name exists and has no record of that type; null when it does not exist. */
function answersFor(cloud: Cloud, vpcId: string, { name, type }: Question): Answer[] | null {
  const pointer = nameOf(cloud, vpcId, name);
  if (pointer !== null) return type === 'PTR' ? [{ type, name, ttl: TTL, data: pointer }] : [];
  const addresses = addressesOf(cloud, vpcId, name);
  if (addresses === null) return null;
  if (type !== 'A' && type !== 'AAAA') return [];
  return addresses
    .filter((address) => address.includes(':') === (type === 'AAAA'))
    .map((data) => ({ type, name, ttl: TTL, data }));
}
