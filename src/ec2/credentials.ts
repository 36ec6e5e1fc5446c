/** The Authorization header of signature version 4. The signature is not verified: any secret key will do. */
import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

/** `Credential=KEY/DATE/REGION/SERVICE/aws4_request` */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const FORBIDDEN = 403;
const HEADER =
  /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^\s,/]+)\/\d{8}\/([^\s,/]+)\/([^\s,/]+)\/aws4_request(?:[\s,]|$)/;

/**
 * Every client signs, and no web page can make a browser send this header to another origin unasked.
 * @throws Ec2Error `MissingAuthenticationToken`, `IncompleteSignature`
 */
export function readCredentials(authorization: string | undefined): CredentialScope {
  if (authorization === undefined) {
    const text = 'The request is not signed. `sglab env` prints credentials; any access key and secret key will do.';
    throw new Ec2Error('MissingAuthenticationToken', text, FORBIDDEN);
  }
  const [, accessKeyId, region, service] = HEADER.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new Ec2Error('IncompleteSignature', 'The request signature does not conform to AWS standards.', FORBIDDEN);
  }
  return { accessKeyId, region, service };
}

/**
 * A lab is one Region: a client that means another one would else change this one unawares.
 * @throws Ec2Error `AuthFailure`
 */
export function checkRegion(scope: CredentialScope, region: string): void {
  if (scope.region === region) return;
  const text = `Credential should be scoped to a valid Region, not '${printable(scope.region)}': this lab is the Region '${region}'.`;
  throw new Ec2Error('AuthFailure', text, FORBIDDEN);
}
