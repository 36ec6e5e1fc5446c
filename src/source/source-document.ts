import type { Path, Position } from './yaml-source.js';

/** A file of another program, read: its data, and where everything stood. */
export interface SourceDocument {
  readonly file: string;
  readonly kind: SourceKind;
  readonly value: unknown;
  readonly positionOf: (path: Path) => Position;
}

/** `aws`: what `aws ec2 describe-…` prints. */
export type SourceKind = 'aws' | 'terraform' | 'cloudformation';

/** Where something stands, and what its source calls it. */
export interface Place {
  readonly document: SourceDocument;
  readonly path: Path;
  /** An id, a Terraform address or a logical name; for reports. */
  readonly label: string;
}
