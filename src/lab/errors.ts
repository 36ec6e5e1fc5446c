import { EXIT, SglabError } from '../errors.js';

/** What a lock's file says of its holder. */
export interface Holder {
  readonly pid: number;
  readonly command: string;
}

/** A holder whose lock is in another run directory. */
export interface HolderElsewhere extends Holder {
  readonly runDirectory: string;
}

/** Does it serve commands and end its lab when it is asked to? */
export const isController = ({ command }: Holder) => command.startsWith('controller ');

/** Another process is the writer of this lab. */
export class LabInUseError extends SglabError {
  constructor(lab: string, holder: Holder | HolderElsewhere | null) {
    super('LabInUse', `the lab ${lab} is in use by ${describeHolder(holder)}`, {
      hint: `${howToEnd(lab, holder)}, or give this one another name with --lab NAME`,
    });
  }
}

export function describeHolder(holder: Holder | HolderElsewhere | null): string {
  if (holder === null) return 'another process';
  const where = 'runDirectory' in holder ? ` of the run directory ${holder.runDirectory}` : '';
  return `process ${holder.pid} (sglab ${holder.command})${where}`;
}

/** A controller is told by `down`; any other command ends its lab itself, and only its own user may cut it short. */
export function howToEnd(lab: string, holder: Holder | HolderElsewhere | null): string {
  if (holder !== null && isController(holder)) {
    const where = 'runDirectory' in holder ? `SGLAB_RUN_DIR=${holder.runDirectory} ` : '';
    return `end it with \`${where}sglab down ${lab}\``;
  }
  const stop = holder?.command.startsWith('run ') ? ` (\`kill ${holder.pid}\` ends it and takes its lab down)` : '';
  return `wait until it has ended${stop}`;
}

/** A lab of a killed process, which `serve` cannot take over because it was defined by a file or is another Region. */
export class OtherLabLeftError extends SglabError {
  constructor(
    { name, region }: { name: string; region: string },
    left: { cloud: { region: string }; file: string | null },
  ) {
    const what = left.file === null ? `the Region ${left.cloud.region}` : `defined by ${left.file}`;
    super('LabLeftBehind', `the lab ${name} was left behind, and it is ${what}, not an empty ${region}`, {
      hint: `take it over as it was defined, remove it with \`sglab down ${name}\`, or give this one another name with --lab NAME`,
    });
  }
}

/** A namespace that we would make is there already and does not carry this lab's mark. */
export class ForeignObjectError extends SglabError {
  constructor(names: readonly string[]) {
    super('ForeignObject', `these namespaces exist and do not belong to this lab: ${names.join(', ')}`, {
      exitCode: EXIT.hostCannot,
      hint: 'nothing was touched; rename the lab (--lab NAME), or remove them yourself with `ip netns del NAME`',
    });
  }
}

export class NoSuchLabError extends SglabError {
  constructor(lab: string, known: readonly string[]) {
    super('NoSuchLab', `there is no lab ${JSON.stringify(lab)} on this host`, {
      hint: known.length === 0 ? 'no lab is up: start one with `sglab up FILE`' : `labs here: ${known.join(', ')}`,
    });
  }
}

/** The error, with what led to it at the end of its causes. */
export function becauseOf(error: unknown, reason: unknown): unknown {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) last = last.cause;
  if (last instanceof Error && last !== reason) last.cause = reason;
  return error;
}
