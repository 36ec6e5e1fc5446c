/** What a change would do to the kernel, as a script that a reviewer can read. */
import type { Cloud } from '../cloud/types.js';
import { FakeKernel } from '../kernel/fake-kernel.js';
import { scriptLines } from '../kernel/script.js';
import { Dataplane } from './dataplane.js';
import { planLab } from './plan-lab.js';
import type { Change } from './reconcile.js';

/** For a lab of which there is nothing yet. @throws KernelError where the kernel would refuse it */
export async function scriptOfUp(cloud: Cloud): Promise<string> {
  const states = planLab(cloud);
  const dataplane = new Dataplane(cloud.name, new FakeKernel(), new Set());
  const change = dataplane.plan(states, states.keys());
  const script = scriptOf(change);
  await dataplane.grow(change);
  return script;
}

/** A comment for each phase, and its commands in order; only the comment for a change that the kernel does not notice. */
export function scriptOf({ grow, shrink }: Change): string {
  const phases = [...grow, ...shrink].flatMap(({ title, operations }) => {
    const lines = operations.flatMap(scriptLines);
    return lines.length === 0 ? [] : [`# ${title}\n${lines.join('\n')}\n`];
  });
  return phases.length === 0 ? '# nothing changes in the kernel\n' : phases.join('\n');
}
