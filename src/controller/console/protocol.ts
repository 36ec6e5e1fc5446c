/**
 * What the page says to the controller, and hears from it: a POST of one JSON document to `/api/NAME` for each call, answered
 * by one, and `GET /events`, server-sent events with one `PageEvent` each.
 */
import type { Mutation } from '../../changes/verbs.js';
import type { Cloud } from '../../cloud/types.js';
import type { HintAnswer } from '../../lessons/next-hint.js';
import type { LessonProgress } from '../../lessons/progress.js';
import type { Grade } from '../../lessons/types.js';
import type { Connections } from '../../observe/connections.js';
import type { RulesInForce } from '../../observe/rules-in-force.js';
import type { HistoryEntry } from '../../records/history/types.js';
import type { Leg, Outcome, Stage } from '../../verdict/types.js';
import type { Audited } from '../../verify/audit/types.js';
import type { Calls, MatrixRequest } from '../protocol.js';

/** The calls of the control socket that the page may make, too. None of them starts a program. */
export const SHARED_CALLS = [
  'probe',
  'explain',
  'matrix',
  'describeRules',
  'mutate',
  'dryRun',
  'advance',
  'flowLogs',
  'drift',
  'repair',
] as const satisfies readonly (keyof Calls)[];

/** A request of the EC2 API; parameters as in its Query form: `IpPermissions.1.IpRanges.2.CidrIp`. */
export interface Ec2Request {
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The calls by name, each with its request and its response. */
export interface PageCalls extends Pick<Calls, (typeof SHARED_CALLS)[number]> {
  /** The answer is the action's own, by the SDK's names. Errors are AWS's. */
  readonly ec2: { readonly request: Ec2Request; readonly response: { readonly answer: object } };
  /** The rules of an interface, with what the kernel counted of each. */
  readonly rulesInForce: { readonly request: { readonly interfaceId: string }; readonly response: RulesInForce };
  /** The flows that an interface's card tracks. */
  readonly connections: { readonly request: { readonly interfaceId: string }; readonly response: Connections };
  /** What the requests would turn, one after the other, by the model; nothing changes. */
  readonly preview: {
    readonly request: MatrixRequest & {
      readonly requests: readonly Ec2Request[];
      /** Changes that come after the requests. */
      readonly mutations?: readonly Mutation[];
    };
    readonly response: {
      readonly turned: readonly TurnedCell[];
      /** The rules that the cells name, as people recognise them, by id; some exist only after the requests. */
      readonly texts: Readonly<Record<string, string>>;
    };
  };
  /** The oldest first. */
  readonly history: {
    readonly request: Record<string, never>;
    readonly response: { readonly entries: readonly HistoryEntry[] };
  };
  /** The lab as it was when the change of that number had come into force. */
  readonly moment: {
    readonly request: { readonly change: number; readonly matrix: MatrixRequest };
    readonly response: Moment;
  };
  /** What is wrong with the rules, with proofs by packets. */
  readonly audit: {
    readonly request: Record<string, never>;
    readonly response: { readonly audited: readonly Audited[] };
  };
  /** The lesson whose lab this is; null where it is of none. */
  readonly lesson: {
    readonly request: Record<string, never>;
    readonly response: { readonly lesson: LessonView | null };
  };
  /** By packets. A check counts in the progress; otherwise only the first pass does. */
  readonly gradeLesson: {
    readonly request: { readonly isCheck: boolean };
    readonly response: { readonly grade: Grade };
  };
  /** The next hint; null when all goals are met. */
  readonly lessonHint: {
    readonly request: Record<string, never>;
    readonly response: { readonly hint: HintAnswer | null };
  };
  /**
   * The page looks at a matrix, or at none any more (null), until its events end: it is told all of it first, then what becomes
   * of it. A page looks at one at most.
   */
  readonly watchMatrix: {
    readonly request: { readonly page: number; readonly matrix: MatrixRequest | null };
    readonly response: Record<string, never>;
  };
}

/** One cell of the matrix that has another outcome after a change. */
export interface TurnedCell {
  readonly from: string;
  readonly to: string;
  /** For example `tcp/22`. */
  readonly question: string;
  readonly before: CellVerdict;
  readonly after: CellVerdict;
}

export interface CellVerdict {
  readonly outcome: Outcome;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
  /** Ids of the rules that let it pass, or of the one that stopped it. */
  readonly rules: readonly string[];
}

export interface LessonView {
  readonly id: string;
  /** In the list of lessons; null for one's own. */
  readonly number: number | null;
  readonly title: string;
  readonly idea: string;
  readonly story: string;
  readonly moral: string;
  readonly goals: readonly string[];
  readonly progress: LessonProgress;
}

export interface Moment {
  readonly cloud: Cloud;
  readonly names: readonly string[];
  readonly questions: readonly string[];
  /** By the model: nobody can send packets there any more. */
  readonly cells: readonly (Omit<TurnedCell, 'before' | 'after'> & { readonly verdict: CellVerdict })[];
  /** What the model says of now, where that is something else. */
  readonly turned: readonly TurnedCell[];
}

/** A cell of a matrix that the page looks at. */
export interface LiveCell {
  readonly from: string;
  readonly to: string;
  readonly question: string;
  /** By packets. */
  readonly verdict: CellVerdict;
  /** The model's, where it is another one. */
  readonly model: CellVerdict | null;
}

/** A cell whose packets met something else than before. */
export interface TurnedByPackets extends TurnedCell {
  /** The rules that only one of the two verdicts has, in words. */
  readonly rules: readonly string[];
  /** The change that turned it; null: none that the model knows of. */
  readonly cause: { readonly number: number; readonly caller: string; readonly action: string } | null;
}

export type MatrixEvent =
  /** All of it: at first, and where machines or questions come or go. Cells that are missing were not asked yet. */
  | {
      readonly type: 'matrix';
      readonly names: readonly string[];
      readonly questions: readonly string[];
      readonly cells: readonly LiveCell[];
    }
  | { readonly type: 'cells'; readonly cells: readonly LiveCell[]; readonly turned: readonly TurnedByPackets[] };

/** The collections of a cloud: its members whose records have ids. */
export type CloudRecords = {
  readonly [Kind in keyof Cloud as Cloud[Kind] extends Readonly<Record<string, object>> ? Kind : never]: Cloud[Kind];
};

/** What a page sends of a terminal; what it gets is the output as it is, and at the end a reason in words. */
export type TerminalMessage =
  | { readonly type: 'input'; readonly data: string }
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  /** So much of the output is shown. */
  | { readonly type: 'seen'; readonly characters: number };

export type PageEvent =
  | MatrixEvent
  /** The first one, and all that there is. */
  | {
      readonly type: 'lab';
      /** By which the page is known as long as its events last. */
      readonly page: number;
      readonly lab: string;
      /** The scenario file; null for a Region without one. */
      readonly file: string | null;
      /** URL of the EC2 API. */
      readonly endpoint: string;
      /** Whether the page may open terminals. */
      readonly terminals: boolean;
      readonly cloud: Cloud;
      /** The number of the last change that the cloud has. */
      readonly change: number;
    }
  /** A change is in force: the records that are new or different, null for those that are gone. */
  | {
      readonly type: 'changed';
      readonly change: number;
      readonly records: Readonly<Record<string, Readonly<Record<string, object | null>>>>;
    }
  | { readonly type: 'history'; readonly entry: HistoryEntry }
  /** The lab is going down. */
  | { readonly type: 'down' };
