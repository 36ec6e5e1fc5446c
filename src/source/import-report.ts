/** Says what reading another program's file left out or assumed. Plain data: reports and `--json` show it as it is. */
export interface ImportReport {
  readonly unsupported: readonly Unsupported[];
  /** Assumptions where the source says nothing: one sentence each. */
  readonly assumed: readonly string[];
}

export interface Unsupported {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** An id, a Terraform address or a logical name; with the attribute, if it is about one. */
  readonly resource: string;
  /** The one that is meant, without positions in lists: what several resources have has the same name. null: all of it. */
  readonly attribute: string | null;
  readonly reason: string;
}

/** `shop.json:12:5: aws_nat_gateway.main: sglab builds no NAT gateways` */
export function unsupportedLine({ file, line, column, resource, reason }: Unsupported): string {
  return `${file}:${line}:${column}: ${resource}: ${reason}`;
}
