/** What clients ask of STS before they ask EC2: who am I (docs/aws-semantics.md 7.3). */
import type { Cloud } from '../cloud/types.js';
import type { ApiAnswer } from './ec2-api.js';
import { describeError, Ec2Error } from './ec2-error.js';
import { document } from './render-answer.js';

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
    return stsError(new Ec2Error('InvalidAction', text), requestId);
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

function stsError(error: Ec2Error, requestId: string): ApiAnswer {
  const { code, message, status } = describeError(error);
  const body = document({
    ErrorResponse: {
      '@xmlns': NAMESPACE,
      Error: { Type: 'Sender', Code: code, Message: message },
      RequestId: requestId,
    },
  });
  return { status, body };
}
