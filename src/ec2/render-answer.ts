/** Answers as EC2 writes them: lowerCamelCase members in the API model's order, lists as `<x><item>…</item></x>` (7.1). */
import { XMLBuilder } from 'fast-xml-parser';
import type { ErrorDescription } from './ec2-error.js';
import { structureOf } from './parse-request.js';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
/** An empty list is an empty element: boto3 leaves its key out where the element is absent, and programs index it (A21). */
const BUILDER = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true, attributeNamePrefix: '@' });

/** @param answer members by the API model's names; absent ones are left out */
export function renderAnswer(action: string, output: string, answer: object, requestId: string): string {
  const members = output === 'Unit' ? { return: true } : write(output, answer);
  return document({ [`${action}Response`]: { '@xmlns': NAMESPACE, requestId, ...Object(members) } });
}

export function renderError({ code, message }: ErrorDescription, requestId: string): string {
  const error = { Code: code, Message: message };
  return document({ Response: { Errors: { Error: error }, RequestID: requestId } });
}

export function document(content: object): string {
  // Readers of XML take a carriage return for the end of a line, unless it is escaped.
  return DECLARATION + BUILDER.build(content).replaceAll('\r', '&#xD;');
}

function write(type: string, value: unknown): unknown {
  if (type.endsWith('[]')) {
    const items = Array.isArray(value) ? value : [value];
    return items.length === 0 ? '' : { item: items.map((item) => write(type.slice(0, -2), item)) };
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  const given = new Map(Object.entries(value));
  const members = Object.entries(structureOf(type).members).flatMap(([member, [, xml, memberType]]) => {
    const part = given.get(member);
    return part === undefined || part === null ? [] : [[xml, write(memberType, part)]];
  });
  return Object.fromEntries(members);
}
