/** An audit of the lab as it is, with the machines that it has. */
import type { Lab } from '../../lab/lab.js';
import { findAll } from '../../verify/audit/find.js';
import { NO_HOST_IN_BLOCK, proveAll } from '../../verify/audit/prove.js';
import type { Audited } from '../../verify/audit/types.js';

/** @param signal ends it: nobody waits for its answer any more */
export async function auditLive(live: Lab, signal: AbortSignal): Promise<Audited[]> {
  const { cloud } = live;
  const findings = findAll(cloud);
  const proofs = await proveAll(cloud, findings, (probe) => live.traffic.probe(probe, signal), {
    noOutsider: NO_HOST_IN_BLOCK,
    signal,
  });
  return findings.flatMap((finding, at) => {
    const proof = proofs[at];
    return proof === undefined ? [] : [{ finding, proof, place: null }];
  });
}
