import { expect } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { DefinitionError } from '../../../src/source/problems.js';

/** A small lab; `more` is appended, `steps` are flow mappings, one per line from line 21 on. */
export function shopFile({ more = '', steps = [] }: { more?: string; steps?: readonly string[] } = {}): string {
  return `name: securecart-web
vpcs:
  shop:
    cidr: 10.0.0.0/16
    ipv6Cidr: 2001:db8:1::/56
    internetGateway: true
    subnets:
      public: { cidr: 10.0.1.0/24, ipv6Cidr: 2001:db8:1::/64, public: true }
      private: { cidr: 10.0.2.0/24 }
prefixLists: { partners: { entries: [198.51.100.0/24] } }
securityGroups:
  web: { ingress: [{ protocol: tcp, ports: 443, from: 0.0.0.0/0, description: HTTPS from anywhere }] }
  db: { ingress: [{ protocol: tcp, ports: 3306, from: web, description: MySQL from web }] }
instances:
  web-1: { subnet: public, securityGroups: [web], publicIp: true, listen: [tcp/443] }
  db-1: { subnet: private, securityGroups: [db], listen: [tcp/3306] }
internet:
  office: 198.51.100.10
  dual: { addresses: [203.0.113.7, "2001:db8:ffff::10"] }
steps:
${steps.map((step) => `  - ${step}\n`).join('')}${steps.length === 0 ? '  []\n' : ''}${more}`;
}

/** A file whose only VPC has one subnet `a`; `rest` follows at the top level. */
export function bareFile(rest: string): string {
  return `name: x\nvpcs: { v: { cidr: 10.0.0.0/16, internetGateway: true, subnets: { a: { cidr: 10.0.1.0/24 } } } }\n${rest}`;
}

/** A text without its mark `§`, and the line and column of the mark, which a problem should name. */
export function marked(text: string): { text: string; place: string } {
  const before = text.slice(0, text.indexOf('§')).split('\n');
  return { text: text.replace('§', ''), place: `${before.length}:${(before.at(-1) ?? '').length + 1}` };
}

/** The lines of the error for the text, without the file's name. */
export function problemsOf(text: string): string[] {
  try {
    parseScenario(text, 'x.yaml');
  } catch (error) {
    if (error instanceof DefinitionError)
      return error.message.split('\n').map((line) => line.replace(/^x\.yaml:? ?/, ''));
    throw error;
  }
  return [];
}

/** Each text has the mark § at its one problem; the message follows line and column. */
export function expectOneProblem(textWithMark: string, message: string | RegExp): void {
  const { text, place } = marked(textWithMark);
  const [line = '', ...more] = problemsOf(text);
  expect(more).toEqual([]);
  expect(line.slice(0, place.length + 2)).toBe(`${place}: `);
  const said = line.slice(place.length + 2);
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
}

/** `item(0), item(1), …` */
export const list = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');
