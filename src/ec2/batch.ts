import type { UnsuccessfulItem } from '@aws-sdk/client-ec2';
import { CloudError } from '../cloud/errors.js';
import type { Cloud } from '../cloud/types.js';

interface Batch<Made> {
  readonly cloud: Cloud;
  readonly made: Made[];
  readonly failed: UnsuccessfulItem[];
}

/** AWS refuses a whole request for a flow log that is there with the same settings. */
const FAILS_ALL = 'FlowLogAlreadyExists';

/** Changes a cloud for each of several ids. An id that is refused changes nothing, and is listed with its reason. */
export function eachOf<Made>(
  cloud: Cloud,
  ids: readonly string[],
  perform: (cloud: Cloud, id: string) => { readonly cloud: Cloud; readonly made: Made },
): Batch<Made> {
  let next = cloud;
  const made: Made[] = [];
  const failed: UnsuccessfulItem[] = [];
  for (const id of ids) {
    try {
      const done = perform(next, id);
      next = done.cloud;
      made.push(done.made);
    } catch (error) {
      if (!(error instanceof CloudError) || error.code === FAILS_ALL) throw error;
      failed.push({ ResourceId: id, Error: { Code: error.code, Message: error.message } });
    }
  }
  return { cloud: next, made, failed };
}
