/** A terminal of xterm.js at an element of the page, and the shell behind it. */
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import type { TerminalMessage } from '../../../controller/console/protocol.js';

export interface Told {
  /** The shell is gone, with the reason in words. */
  readonly onEnd: (reason: string) => void;
  /** Somebody wants to leave it with the keyboard. */
  readonly onLeave: () => void;
}

/** @returns a function that takes it away, and the shell with it */
export function openTerminal(at: HTMLElement, machine: string, { onEnd, onLeave }: Told): () => void {
  // Colours that a program chooses stay legible; the output is told to screen readers.
  const terminal = new Terminal({ screenReaderMode: true, minimumContrastRatio: 4.5, cursorBlink: false });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(at);
  const stopFitting = keepFitting(at, fit);
  terminal.attachCustomKeyEventHandler((event) => {
    if (!isLeaving(event)) return true;
    if (event.type === 'keydown') onLeave();
    return false;
  });
  const socket = connect(terminal, machine, onEnd);
  terminal.focus();
  return () => {
    socket.onclose = null;
    socket.close();
    stopFitting();
    terminal.dispose();
  };
}

/** The tabulator key is the shell's. */
function isLeaving({ key, ctrlKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey && shiftKey && key === 'ArrowUp';
}

function keepFitting(at: HTMLElement, fit: FitAddon): () => void {
  fit.fit();
  const observer = new ResizeObserver(() => fit.fit());
  observer.observe(at);
  return () => observer.disconnect();
}

function connect(terminal: Terminal, machine: string, onEnd: (reason: string) => void): WebSocket {
  const socket = new WebSocket(`ws://${window.location.host}/terminal?machine=${encodeURIComponent(machine)}`);
  const send = (message: TerminalMessage) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  const sendSize = () => send({ type: 'size', columns: terminal.cols, rows: terminal.rows });
  terminal.onData((data) => send({ type: 'input', data }));
  terminal.onResize(sendSize);
  socket.onopen = sendSize;
  socket.onmessage = ({ data }) => {
    const text = String(data);
    terminal.write(text, () => send({ type: 'seen', characters: text.length }));
  };
  socket.onclose = ({ reason }) => onEnd(reason === '' ? 'The controller has ended it, or does not answer.' : reason);
  return socket;
}
