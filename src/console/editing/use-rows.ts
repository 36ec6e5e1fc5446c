import { useState } from 'react';
import { type Item, type Rows, rebased, rowsOf } from './rows.js';

/**
 * The rows of a form, kept up with the lab.
 * @param items the same array as long as nothing changed
 * @param isHeld while the form itself changes the lab
 */
export function useRows<V extends object>(items: readonly Item<V>[], isHeld: boolean) {
  const [form, setForm] = useState<Rows<V>>(() => rowsOf(items));
  const [seen, setSeen] = useState(items);
  if (items !== seen && !isHeld) {
    setSeen(items);
    setForm(rebased(form, items));
  }
  return [form, setForm] as const;
}
