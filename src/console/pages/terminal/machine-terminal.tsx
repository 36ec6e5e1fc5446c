import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useRef, useState } from 'react';
import { ResourcePage } from '../../resources/resource-page.js';
import type { Told } from './open-terminal.js';
import { TERMINAL } from './places.js';
import './terminal.css';

interface Props {
  readonly machine: string;
  readonly title: string;
}

export function MachineTerminal({ machine, title }: Props) {
  const place = useRef<HTMLElement>(null);
  const button = useRef<ButtonProps.Ref>(null);
  const [reason, setReason] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another terminal
  useEffect(() => {
    const leave = () => button.current?.focus();
    const end = (why: string) => {
      setReason(why);
      if (place.current?.contains(document.activeElement)) leave();
    };
    return openThere(place.current, machine, { onEnd: end, onLeave: leave });
  }, [machine, attempt]);
  const connect = () => {
    setReason(null);
    setAttempt(attempt + 1);
  };
  return (
    <ResourcePage
      crumbs={[TERMINAL]}
      title={title}
      description="Ctrl+Shift+Up moves the focus out of the terminal. What runs in it ends when you leave this page."
      actions={
        <Button ref={button} onClick={connect}>
          {reason === null ? 'Restart' : 'Connect again'}
        </Button>
      }
    >
      <div role="status">{reason !== null && <StatusIndicator type="stopped">{reason}</StatusIndicator>}</div>
      <section className="terminal" aria-label="Terminal" ref={place} />
    </ResourcePage>
  );
}

/** xterm.js is loaded by whoever opens a terminal. */
function openThere(at: HTMLElement | null, machine: string, told: Told): () => void {
  let close: (() => void) | null = null;
  let isGone = false;
  void import('./open-terminal.js').then(({ openTerminal }) => {
    if (!isGone && at !== null) close = openTerminal(at, machine, told);
  });
  return () => {
    isGone = true;
    close?.();
  };
}
