import { CloudError } from '../cloud/errors.js';
import { SglabError } from '../errors.js';

/** A refusal in an answer. Codes and texts are those of docs/aws-semantics.md 7.4 where they are known. */
export class Ec2Error extends CloudError {
  /** The HTTP status, unless it follows from the code. */
  readonly status: number | null;

  constructor(code: string, message: string, status: number | null = null) {
    super(code, message);
    this.status = status;
  }
}

export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** The status is 500 for a server's fault: a failed change of the kernel was taken back and may be tried again. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof CloudError) {
    const status = (error instanceof Ec2Error ? error.status : null) ?? (error.code === 'DryRunOperation' ? 412 : 400);
    return { code: error.code, message: error.message, status };
  }
  const message = error instanceof SglabError ? error.message : `a defect in sglab: ${String(error)}`;
  return { code: 'InternalError', message: withoutPaths(message), status: 500 };
}

/** A client of the API is told what went wrong, not how the host's files are called. `::/0` and `10.0.0.0/8` are no paths. */
function withoutPaths(text: string): string {
  return text.replace(/(?<![\w.:/])(?:file:\/\/)?\/[\w.-]+(?:\/[^\s'"),;:]*)?/g, '…');
}
