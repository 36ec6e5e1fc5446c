import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useState } from 'react';

const KEY = 'sglab-mode';

function preferred(): Mode {
  const kept = window.localStorage.getItem(KEY);
  if (kept === Mode.Dark || kept === Mode.Light) return kept;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? Mode.Dark : Mode.Light;
}

/** As it was chosen here before, or else as the user's system is. */
export function applyPreferredMode(): void {
  applyMode(preferred());
}

export function useMode(): [mode: Mode, toggle: () => void] {
  const [mode, setMode] = useState(preferred);
  const toggle = () => {
    const next = mode === Mode.Dark ? Mode.Light : Mode.Dark;
    window.localStorage.setItem(KEY, next);
    applyMode(next);
    setMode(next);
  };
  return [mode, toggle];
}
