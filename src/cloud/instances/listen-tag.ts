/** The tag `sglab:listen` of an instance says on what sglab's own servers listen in it: `tcp/443, udp/53`. */

import { allInstances } from '../lookup.js';
import { tagsOf } from '../tags.js';
import type { Cloud } from '../types.js';
import { parseListener } from './listener.js';
import type { Instance } from './types.js';
import { withInstance } from './with-instance.js';

const TAG = 'sglab:listen';

/** Servers follow the tag where it changed, and stay what they are where it did not. Throws CloudError for a value that says nothing. */
export function followListenTags(before: Cloud, after: Cloud): Cloud {
  if (before.tags === after.tags) return after;
  return allInstances(after).reduce((cloud, instance) => {
    const value = tagsOf(after, instance.id)[TAG];
    if (value === tagsOf(before, instance.id)[TAG]) return cloud;
    return withListeners(cloud, instance, value ?? '');
  }, after);
}

function withListeners(cloud: Cloud, instance: Instance, value: string): Cloud {
  const words = new Set(value.split(/[\s,]+/).filter((word) => word !== ''));
  return withInstance(cloud, { ...instance, listen: [...words].map(parseListener) });
}
