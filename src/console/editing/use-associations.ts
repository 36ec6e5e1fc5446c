import { useEffect, useState } from 'react';
import { ec2 } from '../live/call.js';
import { notifyFailure } from '../shell/notices.js';

/** Of a subnet with something of its VPC: EC2 knows them by ids of their own. */
export type AssociationIds = ReadonlyMap<string, string>;

type Describe = 'DescribeNetworkAcls' | 'DescribeRouteTables';

interface Described {
  readonly NetworkAcls?: readonly Associated[];
  readonly RouteTables?: readonly Associated[];
}

interface Associated {
  readonly Associations: readonly {
    readonly SubnetId?: string;
    readonly NetworkAclAssociationId?: string;
    readonly RouteTableAssociationId?: string;
  }[];
}

/** The ids by subnet, of the lab as it is; null while they are being asked for. */
export function useAssociations(describe: Describe, vpcId: string, change: number): AssociationIds | null {
  const [known, setKnown] = useState<{ readonly change: number; readonly ids: AssociationIds } | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    ec2(describe, { Filter: [{ Name: 'vpc-id', Value: [vpcId] }] }).then(
      (answer) => gone.signal.aborted || setKnown({ change, ids: idsOf(answer) }),
      (error: unknown) => gone.signal.aborted || notifyFailure('The associations cannot be shown', error),
    );
    return () => gone.abort();
  }, [describe, vpcId, change]);
  return known?.change === change ? known.ids : null;
}

function idsOf({ NetworkAcls, RouteTables }: Described): AssociationIds {
  const all = [...(NetworkAcls ?? []), ...(RouteTables ?? [])].flatMap(({ Associations }) => Associations);
  return new Map(
    all.flatMap(({ SubnetId, NetworkAclAssociationId, RouteTableAssociationId }) => {
      const id = NetworkAclAssociationId ?? RouteTableAssociationId;
      return SubnetId === undefined || id === undefined ? [] : [[SubnetId, id] as const];
    }),
  );
}
