/** Why a client has no answer from a controller. */
import { EXIT, SglabError } from '../errors.js';
import { isStopped } from '../kernel/process.js';
import { describeHolder, type Holder } from '../lab/errors.js';
import { controlSocket, readHolder } from '../lab/run-directory.js';
import { crashLogOf } from './crash-log.js';

/** No controller answers on the lab's socket. */
export class NoControllerError extends SglabError {
  constructor(lab: string) {
    const log = crashLogOf(lab);
    super('NoController', `the lab ${lab} has no controller: it still filters packets, but nothing accepts commands`, {
      hint: `${log === null ? '' : `it ended by itself, its last words are in ${log}; `}\`sglab up FILE\` takes it over, \`sglab down ${lab}\` removes it`,
    });
  }
}

/** The controller took the request and ended before it answered. */
export class ControllerEndedError extends SglabError {
  constructor(lab: string, cause: unknown) {
    const log = crashLogOf(lab);
    super('ControllerEnded', `the controller of the lab ${lab} ended before it answered`, {
      exitCode: EXIT.hostCannot,
      hint: `${log === null ? '' : `its last words are in ${log}; `}\`sglab up FILE\` takes the lab over; \`sglab status\` says what is in force`,
      cause,
    });
  }
}

/** The controller is there and hangs up: it has no descriptor left for a client, or too many clients. */
export class ControllerRefusedError extends SglabError {
  constructor(lab: string, pid: number, cause: unknown) {
    super('ControllerRefused', `the controller of the lab ${lab} (process ${pid}) hung up without an answer`, {
      exitCode: EXIT.hostCannot,
      hint: `it may lack descriptors: \`prlimit --pid ${pid} --nofile=65536:\` raises its limit; ${howToEndProcess(lab, pid)}`,
      cause,
    });
  }
}

/** The controller neither answers nor says that it works. */
export class ControllerSilentError extends SglabError {
  constructor(lab: string, seconds: number, pid = readHolder(lab)?.pid ?? 0) {
    const who = pid === 0 ? '' : ` (process ${pid}${isStopped(pid) ? ', which is stopped' : ''})`;
    const hints = [
      '--timeout SECONDS waits longer',
      ...(isStopped(pid) ? [`\`kill -CONT ${pid}\` lets it go on`] : []),
      ...(pid === 0 ? [] : [howToEndProcess(lab, pid)]),
    ];
    super('ControllerSilent', `the controller of the lab ${lab}${who} has not answered for ${seconds} s`, {
      exitCode: EXIT.hostCannot,
      hint: hints.join('; '),
    });
  }
}

/** The socket of a running controller was deleted. */
export class SocketLostError extends SglabError {
  constructor(lab: string, holder: Holder) {
    super(
      'SocketLost',
      `${describeHolder(holder)} holds the lab ${lab}, but its socket ${controlSocket(lab)} is gone`,
      {
        hint: `\`sglab down ${lab}\` ends it with its lab, \`sglab up FILE\` builds it anew`,
      },
    );
  }
}

/** The lab's controller still builds it, or takes it over. */
export class LabNotReadyError extends SglabError {
  constructor(
    lab: string,
    readonly holder: Holder,
  ) {
    super('LabNotReady', `${describeHolder(holder)} still builds the lab ${lab}`, {
      hint: `wait for it, or end it with \`sglab down ${lab}\``,
    });
  }
}

function howToEndProcess(lab: string, pid: number): string {
  return `\`kill -KILL ${pid}\` ends it, the lab goes on filtering, and \`sglab down ${lab}\` or \`sglab up FILE\` does the rest`;
}
