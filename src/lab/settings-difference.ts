import { set, settingKey } from '../kernel/ip-text.js';
import type { Setting } from '../kernel/objects.js';

export interface SettingsChange {
  /** In order. */
  readonly set: readonly Setting[];
  /** What is no longer wanted, the newest first; some of it may be gone already, with a link or an address. */
  readonly unset: readonly Setting[];
}

/** Links of one namespace that come and go with their near ends. */
export interface FarLinks {
  /** All that is about them is set again. */
  readonly fresh: ReadonlySet<string>;
  /** What was about them goes with them. */
  readonly gone: ReadonlySet<string>;
}

/** @param before null: nobody knows what there is, so everything is set */
export function settingsDifference(
  before: { readonly settings: readonly Setting[]; readonly isCertain: boolean },
  wanted: readonly Setting[],
  { fresh, gone }: FarLinks,
): SettingsChange {
  const had = new Set(before.isCertain ? before.settings.map(set) : []);
  const keys = new Set(wanted.map(settingKey));
  return {
    set: wanted.filter((setting) => !had.has(set(setting)) || fresh.has(setting.link ?? '')),
    unset: before.settings
      .filter((setting) => setting.type !== 'up' && !keys.has(settingKey(setting)) && !gone.has(setting.link ?? ''))
      .reverse(),
  };
}
