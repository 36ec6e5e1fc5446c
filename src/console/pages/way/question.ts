/** The question of the page: it stands in the URL, so that it can be kept, passed on, and asked by other pages. */
import { makeProbe, type ProbeSpec } from '../../../cloud/text/probe.js';

export interface Question {
  readonly from: string;
  readonly to: string;
  /** For example `tcp/22`. */
  readonly question: string;
}

export interface QuestionForm {
  readonly from: string;
  readonly to: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6`. */
  readonly protocol: string;
  readonly port: string;
}

const WITH_PORTS = ['tcp', 'udp'];

export function hasPort(protocol: string): boolean {
  return WITH_PORTS.includes(protocol);
}

export function formOf(query: URLSearchParams): QuestionForm {
  const [protocol = '', port = ''] = (query.get('question') ?? 'tcp/').split('/');
  return { from: query.get('from') ?? '', to: query.get('to') ?? '', protocol, port };
}

/** null while something is missing. */
export function questionOf({ from, to, protocol, port }: QuestionForm): Question | null {
  if (from === '' || to === '' || protocol === '') return null;
  if (!hasPort(protocol)) return { from, to, question: protocol };
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? { from, to, question: `${protocol}/${port}` } : null;
}

/** @throws CloudError for a question that is none */
export function probeOf({ from, to, question }: Question): ProbeSpec {
  return makeProbe({ from, to, what: question });
}
