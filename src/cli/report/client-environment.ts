/** The environment variables that point AWS's clients at a lab and nowhere else. */
import { ACCESS_KEY_ID } from '../../controller/credentials.js';
import type { Credentials } from '../../ec2/signature.js';
import { word } from '../../export/aws/shell.js';

export interface ClientEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that would lead a client elsewhere. */
  readonly unset: readonly string[];
}

/** `credentials`: null for a lab that takes any, since clients send none without some. */
export function clientEnvironment(
  endpoint: string,
  region: string,
  credentials: Credentials | null,
): ClientEnvironment {
  const { accessKeyId, secretAccessKey } = credentials ?? { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'any' };
  return {
    variables: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_EC2: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    unset: [
      'AWS_PROFILE',
      'AWS_DEFAULT_PROFILE',
      'AWS_SESSION_TOKEN',
      'AWS_SECURITY_TOKEN',
      'AWS_ROLE_ARN',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    ],
  };
}

/** Commands for a POSIX shell to evaluate, any number of times. They exempt loopback from any proxy. */
export function shellCommands({ variables, unset }: ClientEnvironment): string {
  const proxies = ['NO_PROXY', 'no_proxy'].map(
    (name) => `case ",$\{${name}-}," in *,127.0.0.1,*) ;; *) export ${name}="127.0.0.1\${${name}:+,$${name}}" ;; esac`,
  );
  const lines = [
    `unset ${unset.join(' ')}`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${word(value)}`),
    ...proxies,
  ];
  return `${lines.join('\n')}\n`;
}
