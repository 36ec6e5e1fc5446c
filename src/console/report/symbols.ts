import type { StepResult, Verdict } from '../../verdict/types.js';

export const STATUS_SYMBOL: Readonly<Record<StepResult['status'], string>> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
  'not-run': '–',
};

export const VERDICT_SYMBOL: Readonly<Record<Verdict, string>> = { pass: '✓', drop: '✗', refuse: '✗' };
