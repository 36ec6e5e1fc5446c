/** What machines do with packets by programs and settings of their own: no cloud knows of it, but whoever asks may. */
export interface Behaviour {
  /** How the machine at an end reacts whatever its listeners are, by the interface's id or the host's name. */
  readonly reactions: ReadonlyMap<string, Reaction>;
  /** The interface that packets leave by, by the one that has their source or that they came in by. */
  readonly exits: ReadonlyMap<string, string>;
  /** Interfaces whose machine sends what came in there on with its own address, as a NAT instance does. */
  readonly translating: ReadonlySet<string>;
  /** The target that a network load balancer chooses: both are interfaces. */
  readonly targets: ReadonlyMap<string, string>;
}

export type Reaction = 'answers' | 'refuses' | 'keeps quiet';

/** Every machine is as the cloud says, forwards packets as they are, and balancers begin with their first target. */
export const ORDINARY: Behaviour = {
  reactions: new Map(),
  exits: new Map(),
  translating: new Set(),
  targets: new Map(),
};
