import { byId } from '../../../cloud/lookup.js';
import type { NetworkAcl } from '../../../cloud/network/types.js';
import { EditAssociationsPage } from '../../editing/edit-associations-page.js';
import { changedSubnets } from '../../editing/subnet-choice.js';
import { useAssociations } from '../../editing/use-associations.js';
import { ec2Request } from '../../live/call.js';
import type { LiveLab } from '../../live/lab-store.js';
import { idAndLabName } from '../../resources/names.js';
import { subnetsOfAcl } from './entry-form.js';
import { aclPath, NETWORK_ACLS } from './places.js';

interface Props {
  readonly live: LiveLab;
  readonly acl: NetworkAcl;
}

/** Every subnet has one: a subnet that is given up gets the VPC's default one, and the default one gives up none. */
export function EditSubnetsPage({ live, acl }: Props) {
  const { cloud } = live;
  const ids = useAssociations('DescribeNetworkAcls', acl.vpcId, live.change);
  const { defaultNetworkAclId } = byId(cloud.vpcs, acl.vpcId);
  const own = new Set(subnetsOfAcl(cloud, acl).map(({ id }) => id));
  const replaced = (subnetId: string, aclId: string) =>
    ec2Request('ReplaceNetworkAclAssociation', { AssociationId: ids?.get(subnetId), NetworkAclId: aclId });
  return (
    <EditAssociationsPage
      live={live}
      crumbs={[NETWORK_ACLS, { text: idAndLabName(cloud, acl), path: aclPath(acl.id) }]}
      back={aclPath(acl.id)}
      saveText="Save changes"
      associations={{
        noun: 'network ACL',
        vpcId: acl.vpcId,
        isAssociated: ({ id }) => own.has(id),
        isFixed: ({ id }) => acl.id === defaultNetworkAclId && own.has(id),
        column: {
          header: 'Associated with',
          cell: ({ networkAclId }) => networkAclId ?? defaultNetworkAclId,
        },
        requestsOf: (rows) => {
          if (ids === null) return null;
          const { added, removed } = changedSubnets(rows);
          return [
            ...added.map((id) => replaced(id, acl.id)),
            ...removed.map((id) => replaced(id, defaultNetworkAclId)),
          ];
        },
      }}
    />
  );
}
