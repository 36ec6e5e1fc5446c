/** The source from which a controller builds its lab: a scenario file, or nothing (`sglab serve`). */
import path from 'node:path';
import { createCloud } from '../cloud/create-cloud.js';
import { createExternalHost } from '../cloud/instances/external-host.js';
import { createDefaultVpc } from '../cloud/network/default-vpc.js';
import { withNameTags } from '../cloud/tags.js';
import type { Cloud } from '../cloud/types.js';
import { loadScenario } from '../import/load.js';
import { checkLabName } from '../kernel/lab-names.js';
import type { ImportReport } from '../source/import-report.js';

export interface LabSource {
  /** null: a Region with only its default VPC, and a stranger on the internet. */
  readonly file: string | null;
  /** null: the name in the file; without a file, the Region's name. */
  readonly lab: string | null;
  /** The Region of a lab without a file. */
  readonly region: string | null;
}

export interface Loaded {
  readonly cloud: Cloud;
  /** An absolute path. */
  readonly file: string | null;
  readonly imported: ImportReport | null;
}

const DEFAULT_REGION = 'us-east-1';

/** Without a file there would be no sender outside: no EC2 action creates a machine on the internet. */
const STRANGER = {
  name: 'stranger',
  addresses: ['203.0.113.7', '2001:db8:113::7'],
  listen: [
    { protocol: 'tcp', port: 80 },
    { protocol: 'tcp', port: 443 },
  ],
} as const;

/** @throws DefinitionError for the file, SglabError for the name */
export async function loadSource({ file, lab, region }: LabSource): Promise<Loaded> {
  if (file === null) {
    const name = checkLabName(lab ?? region ?? DEFAULT_REGION);
    const { cloud } = createDefaultVpc(createCloud({ name, region: region ?? DEFAULT_REGION }));
    return { cloud: createExternalHost(cloud, STRANGER).cloud, file: null, imported: null };
  }
  const { cloud, imported } = await loadScenario(file);
  const name = checkLabName(lab ?? cloud.name);
  return { cloud: withNameTags({ ...cloud, name }), file: path.resolve(file), imported };
}
