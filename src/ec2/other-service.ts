/**
 * The refusal of every service but EC2 and STS, in the form of its own protocol: a client that cannot read it says that
 * something failed, and not what.
 */
import type { IncomingMessage } from 'node:http';
import { printable } from '../cloud/text/quote.js';
import type { ApiAnswer } from './ec2-api.js';
import { document } from './render-answer.js';

const NOT_IMPLEMENTED = 501;
const CODE = 'NotImplemented';
const HERE: readonly string[] = ['ec2', 'sts'];
/** Those whose errors are XML although their requests are no forms. */
const REST_XML: readonly string[] = ['s3', 'route53', 'cloudfront'];

/** @param service the one that the request is signed for */
export function isOtherService(service: string): boolean {
  return !HERE.includes(service);
}

export function refuseService(service: string, { headers }: IncomingMessage, requestId: string): ApiAnswer {
  const message = `sglab speaks EC2 and STS: there is no ${printable(service)} here.`;
  const error = { Code: CODE, Message: message };
  if (service === 's3') return answer(document({ Error: { ...error, RequestId: requestId } }));
  if (REST_XML.includes(service) || /^application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '')) {
    return answer(document({ ErrorResponse: { Error: { Type: 'Sender', ...error }, RequestId: requestId } }));
  }
  return {
    ...answer(JSON.stringify({ __type: CODE, message })),
    headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': CODE },
  };
}

function answer(body: string): ApiAnswer {
  return { status: NOT_IMPLEMENTED, body };
}
