import { SglabError } from '../errors.js';

/** A refusal of the cloud, with the EC2 API's error code and, where it is known, its text (docs of each thrower). */
export class CloudError extends SglabError {
  override readonly name = 'CloudError';

  constructor(code: string, message: string, hint?: string) {
    super(code, message, hint === undefined ? {} : { hint });
  }
}

/** Groups only allow (MODEL AuthorizeSecurityGroupIngress); the API has no parameter for anything else. */
export function refuseDenyRule(): CloudError {
  return new CloudError(
    'UnknownParameter',
    'a security group has no deny rules: its rules only allow, and what no rule allows is dropped',
    'Remove the rule that allows it; to deny explicitly, AWS has network ACLs.',
  );
}

export function refuseRateLimit(): CloudError {
  return new CloudError(
    'UnknownParameter',
    'a security group has no rate limit: AWS offers none in security groups or network ACLs',
    'Remove it; in AWS, rates are limited in the application, a load balancer or AWS WAF.',
  );
}
