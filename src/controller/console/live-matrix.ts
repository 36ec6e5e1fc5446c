/**
 * A matrix that follows the lab while a page looks at it: every cell by packets once; after each change the cells that turn by
 * the model, by packets; and all the others again, slowly, for what no model foresees.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import type { Lab } from '../../lab/lab.js';
import type { ChangeEntry, HistoryEntry } from '../../records/history/types.js';
import { ruleDescriber } from '../../verdict/describe-rule.js';
import { kernelAnswer } from '../../verify/kernel-opinion.js';
import { type AskedCell, type AskedMatrix, probeCells } from '../matrix.js';
import type { MatrixRequest } from '../protocol.js';
import { concernOf } from './concern.js';
import { askedOf, isSameVerdict, modelVerdicts } from './model-matrix.js';
import type { CellVerdict, LiveCell, MatrixEvent, TurnedByPackets } from './protocol.js';

/** Cells that are asked about, and told of, at once. */
const BATCH = 256;
/** Of the cells that nobody expects to turn, so many are asked again in each of these milliseconds. */
const SLOW_BATCH = 16;
const SLOW_MS = 1000;
/** Milliseconds between looks whether a change or rehearsal is over. */
const UNSETTLED_MS = 5;

type Cause = TurnedByPackets['cause'];

interface Known {
  readonly cell: AskedCell;
  /** null: the model has no opinion; undefined: it was not asked yet. */
  model: CellVerdict | null | undefined;
  /** By packets; null: not asked yet. */
  packets: CellVerdict | null;
}

interface Change {
  readonly entry: ChangeEntry;
  readonly before: Cloud;
  readonly after: Cloud;
}

export class LiveMatrix {
  readonly #live: Lab;
  readonly #request: MatrixRequest;
  readonly #tell: (event: MatrixEvent) => void;
  readonly #stop = new AbortController();
  readonly #unlisten: readonly (() => void)[];
  #known = new Map<string, Known>();
  #layout: Pick<MatrixEvent & { type: 'matrix' }, 'names' | 'questions'> = { names: [], questions: [] };
  readonly #changes: Change[] = [];
  /** Keys of cells to ask about, each with the change that turned it; the ones in front first. */
  #urgent = new Map<string, Cause>();
  #cursor = 0;
  #seen: Cloud;
  /** The cloud of the last change: rules that are gone are known from it. */
  #former: Cloud;
  /** Counts the changes of what packets meet, rehearsed ones too. */
  #stirred = 0;
  #wake: () => void = () => {};

  constructor(live: Lab, request: MatrixRequest, tell: (event: MatrixEvent) => void) {
    this.#live = live;
    this.#request = request;
    this.#tell = tell;
    // Each probe under way listens.
    setMaxListeners(0, this.#stop.signal);
    this.#seen = live.cloud;
    this.#former = live.cloud;
    this.#unlisten = [
      live.history.added.add((entry) => this.#onEntry(entry)),
      live.changing.add(() => {
        this.#stirred++;
      }),
    ];
    void this.#work();
  }

  /** Everything that is known, for a page that looks from now on. */
  get state(): MatrixEvent {
    return { type: 'matrix', ...this.#layout, cells: [...this.#known.values()].flatMap(liveCell) };
  }

  close(): void {
    this.#stop.abort();
    for (const unlisten of this.#unlisten) unlisten();
    this.#wake();
  }

  #onEntry(entry: HistoryEntry): void {
    if (entry.type === 'change') this.#changes.push({ entry, before: this.#seen, after: this.#live.cloud });
    // Whatever somebody else does in the kernel, no model knows.
    if (entry.type === 'drift') this.#askAll();
    this.#seen = this.#live.cloud;
    this.#wake();
  }

  async #work(): Promise<void> {
    try {
      this.#arrange(this.#seen);
      while (!this.#stop.signal.aborted) await this.#step();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      throw error;
    }
  }

  async #step(): Promise<void> {
    const change = this.#changes.shift();
    if (change !== undefined) return this.#follow(change);
    if (this.#urgent.size > 0) return this.#ask([...this.#urgent].slice(0, BATCH));
    const unjudged = [...this.#known.values()].filter(({ model }) => model === undefined).slice(0, BATCH);
    if (unjudged.length > 0) return this.#judge(unjudged);
    if (await this.#isWoken(SLOW_MS)) return;
    const keys = [...this.#known.keys()];
    const slow = keys.slice(this.#cursor, this.#cursor + SLOW_BATCH);
    this.#cursor = this.#cursor + SLOW_BATCH < keys.length ? this.#cursor + SLOW_BATCH : 0;
    for (const key of slow) this.#urgent.set(key, null);
  }

  /** Waits. @returns whether there is something to do before the time is over */
  #isWoken(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  async #follow({ entry, before, after }: Change): Promise<void> {
    this.#former = before;
    if (!this.#hasLayoutOf(after)) this.#arrange(after);
    const concerns = concernOf(before, after);
    const concerned = [...this.#known.values()].filter(({ cell }) => concerns(cell));
    await this.#askModel(
      before,
      concerned.filter(({ model }) => model === undefined),
    );
    const old = concerned.map(({ model }) => model ?? null);
    await this.#askModel(after, concerned);
    const cause = { number: entry.number, caller: entry.caller, action: entry.action };
    const turned = concerned.filter(({ model: is = null }, at) => {
      const was = old[at] ?? null;
      return was === null || is === null ? was !== is : !isSameVerdict(was, is);
    });
    const urgent = new Map<string, Cause>(turned.map(({ cell }) => [keyOf(cell), cause]));
    for (const [key, earlier] of this.#urgent) if (!urgent.has(key)) urgent.set(key, earlier);
    this.#urgent = urgent;
  }

  async #judge(cells: readonly Known[]): Promise<void> {
    await this.#askModel(this.#changes[0]?.before ?? this.#seen, cells);
    const disputed = cells.flatMap(liveCell).filter(({ model }) => model !== null);
    if (disputed.length > 0) this.#tell({ type: 'cells', cells: disputed, turned: [] });
  }

  async #askModel(cloud: Cloud, cells: readonly Known[]): Promise<void> {
    const verdicts = await modelVerdicts(
      cloud,
      cells.map(({ cell }) => cell),
    );
    for (const [at, known] of cells.entries()) known.model = verdicts[at] ?? null;
  }

  /** Begins anew with the machines and questions of the cloud; what is known of the same cells stays. */
  #arrange(cloud: Cloud): void {
    const { names, questions, cells } = this.#cellsOf(cloud);
    const before = this.#known;
    this.#known = new Map(
      cells.map((cell) => {
        const key = keyOf(cell);
        return [key, before.get(key) ?? { cell, model: undefined, packets: null }];
      }),
    );
    this.#urgent = new Map([...this.#urgent].filter(([key]) => this.#known.has(key)));
    for (const [key, { packets }] of this.#known) if (packets === null) this.#urgent.set(key, null);
    this.#layout = { names, questions };
    this.#tell(this.state);
  }

  #cellsOf(cloud: Cloud): AskedMatrix {
    const { names, questions, cells } = askedOf(cloud, this.#request);
    const all = new Set([
      ...Object.keys(cloud.externalHosts),
      ...Object.values(cloud.instances).map(({ name }) => name),
    ]);
    const isThere = ({ from, to }: AskedCell) => all.has(from) && all.has(to);
    return { names: names.filter((name) => all.has(name)), questions, cells: cells.filter(isThere) };
  }

  #hasLayoutOf(cloud: Cloud): boolean {
    const { names, questions } = this.#cellsOf(cloud);
    return names.join() === this.#layout.names.join() && questions.join() === this.#layout.questions.join();
  }

  #askAll(): void {
    for (const key of this.#known.keys()) if (!this.#urgent.has(key)) this.#urgent.set(key, null);
  }

  /** What packets meet while the lab changes, or while changes are only tried, is asked again. */
  async #ask(batch: readonly (readonly [string, Cause])[]): Promise<void> {
    const { signal } = this.#stop;
    while (this.#live.isChanging || this.#live.isRehearsing) await sleep(UNSETTLED_MS, null, { signal });
    const stirred = this.#stirred;
    const asked = batch.flatMap(([key, cause]) => {
      const known = this.#known.get(key);
      return known === undefined ? [] : [{ ...known.cell, key, known, cause }];
    });
    const answered = await probeCells(this.#live, asked, { signal, onProgress: () => {} }).catch(unlessChanged);
    if (answered === null) await this.#isWoken(SLOW_MS);
    if (stirred !== this.#stirred || answered === null || signal.aborted) return;
    for (const [key] of batch) this.#urgent.delete(key);
    const turned = answered.flatMap(({ known, cause, result }) => {
      const { outcome, stage, leg, rules } = kernelAnswer(result);
      const [before, after] = [known.packets, { outcome: outcome as CellVerdict['outcome'], stage, leg, rules }];
      known.packets = after;
      return before === null || isSameVerdict(before, after) ? [] : [{ ...known.cell, before, after, cause }];
    });
    const cells = answered.flatMap(({ known }) => liveCell(known));
    this.#tell({ type: 'cells', cells, turned: this.#withRules(turned) });
  }

  #withRules(turned: readonly Omit<TurnedByPackets, 'rules'>[]): TurnedByPackets[] {
    if (turned.length === 0) return [];
    const describe = ruleDescriber(this.#former, this.#live.cloud);
    return turned.map((cell) => ({ ...cell, rules: decidingRules(cell.before, cell.after).map(describe) }));
  }
}

/** A machine that is gone meanwhile: the change that took it away is looked at next. */
function unlessChanged(error: unknown): null {
  if (error instanceof SglabError) return null;
  throw error;
}

/** The rules that one of the two verdicts has and the other has not. */
function decidingRules(before: CellVerdict, after: CellVerdict): string[] {
  const come = after.rules.filter((rule) => !before.rules.includes(rule));
  return come.length > 0 ? come : before.rules.filter((rule) => !after.rules.includes(rule));
}

function liveCell({ cell, model, packets }: Known): LiveCell[] {
  if (packets === null) return [];
  const isDisputed = model != null && packets.outcome !== 'unknown' && !isSameVerdict(model, packets);
  return [{ ...cell, verdict: packets, model: isDisputed ? model : null }];
}

function keyOf({ from, to, question }: AskedCell): string {
  return `${from} ${to} ${question}`;
}
