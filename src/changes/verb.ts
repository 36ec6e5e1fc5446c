/** The shape of a verb of change: everything that sglab has to know about one kind of change, in one record. */
import type { z } from 'zod';
import type { Cloud } from '../cloud/types.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import type { Choices } from './choices.js';
import type { SchemaParts } from './schema-parts.js';

/**
 * A verb whose changes are `M`, plain data that the cloud gives its meaning to, and which a file defines as `D`.
 * The functions are written as methods so that a verb can stand in a list of verbs of any kind of change: only a change
 * of its own type ever reaches it.
 */
export interface Verb<M extends { readonly type: string }, D = unknown> {
  /** The key of its step in a scenario file. */
  readonly key: string;
  /** The shape of the value under the key. Its parts are passed in, so that commands that read no file load no zod. */
  schema(parts: SchemaParts): z.ZodType<D>;
  /** Reads a value of this shape; whatever is wrong with it goes into the problems of the place. */
  read(place: Place, definition: D): ReadChange<M>;
  /** The cloud after the change. Throws CloudError, and then nothing has changed. */
  apply(cloud: Cloud, change: M): Cloud;
  /** The change in one line, for reports and histories. */
  text(change: M): string;
  /** The value under the key in the step that makes the change; `read` takes it back. */
  step(change: M): unknown;
  /** The command that makes the change; without one, `sglab change` makes it. */
  readonly command?: ChangeCommand<M>;
  /** The share of the change in random histories, and how one is drawn; without it, histories have none. */
  readonly random?: RandomChange<M>;
}

/** A command line whose first word is the verb. */
export interface ChangeCommand<M> {
  readonly usage: string;
  /** The command is complete with so many words after the verb. */
  readonly least: number;
  /** Throws CloudError. */
  parse(words: readonly string[]): M;
  /** The words after the verb; null if the command cannot say all of it. Left out: the command is never proposed. */
  format?(change: M): readonly string[] | null;
}

export interface RandomChange<M> {
  readonly weight: number;
  /** The serial number of the event tells its names from others. Null if the cloud has nothing to choose from. */
  choose(cloud: Cloud, choices: Choices, serial: number): M | null;
}

/** The place in a file of the value under the key. */
export interface Place {
  readonly problems: ProblemList;
  readonly path: Path;
}

/** A change as it was read, with what only the cloud of its moment can tell to be right or wrong. */
export interface ReadChange<M> {
  readonly mutation: M;
  readonly names?: readonly NamedThing[];
  /** The peers of its rules, which are looked up only in a file that is right up to this step. */
  readonly peers?: readonly PlacedCheck[];
}

/** Something to look up, with the place where a problem belongs. */
export interface PlacedCheck {
  readonly path: Path;
  /** Throws CloudError. */
  readonly find: (cloud: Cloud) => object;
}

/** A word that names something. */
export interface NamedThing {
  readonly kind: 'group' | 'machine';
  readonly word: string;
  /** The look-up; null where only applying the change can tell whether the word is right. */
  readonly check: PlacedCheck | null;
}

/** The values that a schema of a verb lets through. */
export type DefinitionOf<S extends (parts: SchemaParts) => z.ZodType> = z.infer<ReturnType<S>>;
