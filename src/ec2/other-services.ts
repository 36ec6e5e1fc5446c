/**
 * Services beside EC2. Each is refused in the form of its own protocol: a client that cannot read a refusal says that
 * something failed, and not what. STS answers the question that clients ask before they ask EC2: who am I (7.3).
 */
import type { IncomingMessage } from 'node:http';
import { printable } from '../cloud/text/quote.js';
import type { Cloud } from '../cloud/types.js';
import type { ApiAnswer } from './ec2-api.js';
import { describeError, Ec2Error, type ErrorDescription } from './ec2-error.js';
import { document } from './render-answer.js';

const NOT_IMPLEMENTED = 501;
const CODE = 'NotImplemented';
const HERE: readonly string[] = ['ec2', 'sts'];
/** The errors of these services are XML although their requests are no forms. */
const REST_XML: readonly string[] = ['s3', 'route53', 'cloudfront'];

/** @param service the service that the request is signed for */
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

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const VERSION = '2011-06-15';
const USER = 'sglab';
const USER_ID = 'AIDASGLABSGLABSGLABSG';

export function isForSts(parameters: URLSearchParams): boolean {
  return parameters.get('Version') === VERSION || parameters.get('Action') === 'GetCallerIdentity';
}

export function answerSts(cloud: Cloud, parameters: URLSearchParams, requestId: string): ApiAnswer {
  if (parameters.get('Action') !== 'GetCallerIdentity') {
    const text = 'Of STS, sglab supports GetCallerIdentity only';
    return stsError(describeError(new Ec2Error('InvalidAction', text)), requestId);
  }
  const identity = {
    Arn: `arn:aws:iam::${cloud.accountId}:user/${USER}`,
    UserId: USER_ID,
    Account: cloud.accountId,
  };
  const body = document({
    GetCallerIdentityResponse: {
      '@xmlns': NAMESPACE,
      GetCallerIdentityResult: identity,
      ResponseMetadata: { RequestId: requestId },
    },
  });
  return { status: 200, body };
}

export function stsError({ code, message, status }: ErrorDescription, requestId: string): ApiAnswer {
  const body = document({
    ErrorResponse: {
      '@xmlns': NAMESPACE,
      Error: { Type: 'Sender', Code: code, Message: message },
      RequestId: requestId,
    },
  });
  return { status, body };
}
