import Button from '@cloudscape-design/components/button';
import type { LiveLab } from '../../live/lab-store.js';
import { href } from '../../shell/route.js';
import { terminalPath } from './places.js';

interface Props {
  readonly live: LiveLab;
  /** The id of an instance, or the name of a host. */
  readonly machine: string;
}

/** There only where the console was opened with terminals. */
export function ConnectButton({ live, machine }: Props) {
  return live.terminals ? <Button href={href(terminalPath(machine))}>Connect</Button> : null;
}
