/** Requests and answers of any shape that the API model knows: written as clients and EC2 write them, read back the same. */

import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { API_MODEL } from '../../../src/ec2/api-model.js';
import { parseForm } from '../../../src/ec2/form.js';
import { parseRequest, structureOf } from '../../../src/ec2/parse-request.js';
import { renderAnswer, renderError } from '../../../src/ec2/render-answer.js';
import { flat, structure } from './any-structure.js';

const actions = Object.values(API_MODEL.actions);
const input = fc
  .constantFrom(...actions.map((action) => action.input).filter((type) => type !== 'Unit'))
  .chain((type) => structure(type).map((content) => ({ type, content })));
const output = fc
  .constantFrom(...actions.map((action) => action.output).filter((type) => type !== 'Unit'))
  .chain((type) => structure(type).map((content) => ({ type, content })));

const encode = (pairs: [string, string][]) => Buffer.from(new URLSearchParams([...pairs]).toString());

describe('any request', () => {
  it('is read as it was meant', () => {
    fc.assert(
      fc.property(input, ({ type, content }) => {
        expect(parseRequest(type, parseForm(encode(flat(type, content))))).toEqual(content);
      }),
      { numRuns: 500 },
    );
  });

  it('of any parameters is read or refused with an error of EC2', () => {
    const word = fc.oneof(
      fc.constantFrom('Filter', '1', '0', 'Name', 'Value', 'IpPermissions', '__proto__', '', '99999'),
      fc.string(),
    );
    const name = fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join('.'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string())), (pairs) => {
        try {
          parseRequest('AuthorizeSecurityGroupIngressRequest', pairs);
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^(Unknown|Missing|Invalid)/));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('closes the gaps of a list, and takes an empty one', () => {
    const read = (pairs: [string, string][]) => parseRequest('DescribeSecurityGroupsRequest', pairs);
    expect(
      read([
        ['GroupId.7', 'b'],
        ['GroupId.2', 'a'],
      ]),
    ).toEqual({ GroupIds: ['a', 'b'] });
    expect(read([['GroupId', '']])).toEqual({ GroupIds: [] });
  });

  it.each([
    ['GroupId.0', 'a', 'GroupId.0'],
    ['GroupId.01', 'a', 'GroupId.01'],
    ['GroupId.99999', 'a', 'GroupId.99999'],
    ['GroupId.x', 'a', 'GroupId.x'],
    ['GroupId.1.x', 'a', 'GroupId.1.x'],
    ['groupid.1', 'a', 'groupid'],
    ['Filter', 'a', 'Filter'],
  ])('with %s=%s is refused: %s is not recognized', (name, text, unknown) => {
    expect(() => parseRequest('DescribeSecurityGroupsRequest', [[name, text]])).toThrow(
      `The parameter ${unknown} is not recognized`,
    );
  });
});

describe('any answer', () => {
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: false,
    isArray: (name) => name === 'item',
    processEntities: { enabled: true, maxTotalExpansions: 100_000, maxExpandedLength: 1e6 },
  });

  const RETURN = '\ue000';

  /** What a client makes of a document. */
  function read(type: string, node: unknown): unknown {
    if (type.endsWith('[]')) {
      const items = typeof node === 'object' && node !== null && 'item' in node ? node.item : [];
      return Array.isArray(items) ? items.map((item) => read(type.slice(0, -2), item)) : [];
    }
    if (Object.hasOwn(API_MODEL.structures, type)) {
      const given = new Map(Object.entries(Object(node)));
      const members = Object.entries(structureOf(type).members).filter(([, [, xml]]) => given.has(xml));
      return Object.fromEntries(members.map(([name, [, xml, kind]]) => [name, read(kind, given.get(xml))]));
    }
    if (type === 'integer' || type === 'double') return Number(node);
    if (type === 'boolean') return node === 'true';
    return type === 'timestamp' ? new Date(String(node)) : String(node).replaceAll(RETURN, '\r');
  }

  it('is read by a client as it was meant', () => {
    fc.assert(
      fc.property(output, ({ type, content }) => {
        const document = renderAnswer('Any', type, content, 'req-1');
        // This parser knows no numeric references; a bare carriage return is a newline to it, as to every other one.
        const { AnyResponse } = parser.parse(document.replaceAll('&#xD;', RETURN));
        expect(read(type, AnyResponse)).toEqual(content);
      }),
      { numRuns: 500 },
    );
  });

  it('has an empty list as an empty element, and no member that is absent', () => {
    const group = { GroupId: 'sg-1', Tags: [], VpcId: undefined };
    expect(
      renderAnswer('DescribeSecurityGroups', 'DescribeSecurityGroupsResult', { SecurityGroups: [group] }, 'r'),
    ).toContain('<securityGroupInfo><item><groupId>sg-1</groupId><tagSet/></item></securityGroupInfo>');
  });

  it('keeps a carriage return, which readers of XML would take for a line’s end', () => {
    const answer = { Tags: [{ Key: 'a\r\nb', Value: '' }] };
    expect(renderAnswer('DescribeTags', 'DescribeTagsResult', answer, 'r')).toContain('<key>a&#xD;\nb</key>');
  });

  it('without members says that it is done', () => {
    expect(renderAnswer('CreateTags', 'Unit', {}, 'r')).toContain('<requestId>r</requestId><return>true</return>');
  });

  it('of an error escapes what was asked', () => {
    const document = renderError({ code: 'X', message: '<a>&"\'', status: 400 }, 'r');
    expect(parser.parse(document).Response.Errors.Error).toEqual({ Code: 'X', Message: '<a>&"\'' });
  });
});
