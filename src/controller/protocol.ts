/**
 * The protocol between a controller and its clients: HTTP over the lab's socket, one JSON document each way; only
 * `reports` is answered line by line, for as long as the client listens. `curl --unix-socket
 * /run/sglab/LAB/control.sock -d '{}' http://lab/status` works, too.
 */
import type { Mutation } from '../changes/verbs.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { AgingResult } from '../kernel/aged.js';
import type { Drift } from '../lab/drift.js';
import type { Goal, Grade } from '../lessons/types.js';
import type { PacketReport } from '../observe/packet-report.js';
import type { InterfaceRecords } from '../records/flow-logs/types.js';
import type { Matrix, ProbeResult } from '../verdict/types.js';
import type { Explanation } from '../verify/explain/types.js';

/** The calls by name, each with its request and its response. */
export interface Calls {
  readonly status: { readonly request: Record<string, never>; readonly response: LabStatus };
  /** Makes a machine ready for programs. */
  readonly enter: {
    readonly request: { readonly machine: string };
    /** `init` is the process id of the machine's first process. */
    readonly response: { readonly cloud: Cloud; readonly init: number };
  };
  readonly probe: { readonly request: { readonly probe: ProbeSpec }; readonly response: ProbeResult };
  readonly explain: { readonly request: { readonly probe: ProbeSpec }; readonly response: Explanation };
  /** Changes that the goals make are undone; changes by other clients wait until then. */
  readonly grade: { readonly request: { readonly goals: readonly Goal[] }; readonly response: Grade };
  readonly matrix: { readonly request: MatrixRequest; readonly response: Matrix };
  /**
   * Rules and entries of network ACLs as people recognise them, by id: a verdict names a few, and a cloud may have
   * thousands.
   */
  readonly describeRules: {
    readonly request: { readonly ids: readonly string[] };
    readonly response: { readonly texts: Readonly<Record<string, string>> };
  };
  /** The response is sent when the kernel has the change. */
  readonly mutate: { readonly request: { readonly mutation: Mutation }; readonly response: Record<string, never> };
  /** What the change would run, as a script; nothing changes. */
  readonly dryRun: {
    readonly request: { readonly mutation: Mutation };
    readonly response: { readonly script: string };
  };
  /** Whole seconds without traffic, for every connection. */
  readonly advance: { readonly request: { readonly seconds: number }; readonly response: AgingResult };
  /** The flow logs of these interfaces; null: of all. */
  readonly flowLogs: {
    readonly request: { readonly interfaceIds: readonly string[] | null };
    readonly response: { readonly interfaces: readonly InterfaceRecords[] };
  };
  /** What somebody else has changed in the kernel. */
  readonly drift: { readonly request: Record<string, never>; readonly response: { readonly drift: readonly Drift[] } };
  /** The same, and all of it is taken back. */
  readonly repair: {
    readonly request: Record<string, never>;
    readonly response: { readonly mended: readonly Drift[] };
  };
  /** Opens the console, the lab's page for a browser; its URL lets in whoever has it. */
  readonly console: {
    readonly request: { readonly terminals: boolean };
    readonly response: { readonly url: string };
  };
  /** The response is sent when nothing of the lab is left but the answering process. */
  readonly down: { readonly request: Record<string, never>; readonly response: Record<string, never> };
}

export interface LabStatus {
  readonly lab: string;
  readonly pid: number;
  readonly file: string | null;
  /** URL of the EC2 API. */
  readonly endpoint: string;
  readonly cloud: Cloud;
}

export interface MatrixRequest {
  /** Machines to use as senders and receivers; null: all of them. */
  readonly machines: readonly string[] | null;
  /** For example `tcp/22`; null: every port that anything in the lab listens on. */
  readonly questions: readonly string[] | null;
}

/** One line of the answer to `reports`. */
export type ReportMessage =
  | { readonly type: 'report'; readonly report: PacketReport; readonly words: string }
  /** Every report of the kernel up to this time (microseconds since 1970) has been sent. */
  | { readonly type: 'told'; readonly until: number }
  /** The lab is going down. */
  | { readonly type: 'down' };

/** The form in which an error crosses the socket. */
export interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
  readonly exitCode: number;
}
