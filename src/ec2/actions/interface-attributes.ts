import type { NetworkInterfaceAttachmentChanges } from '@aws-sdk/client-ec2';
import { setConnectionTracking } from '../../cloud/interfaces/connection-tracking.js';
import { setInterfaceGroups, setPoolAddress, setSourceDestCheck } from '../../cloud/interfaces/interface-attributes.js';
import { interfaceOfAttachment } from '../../cloud/interfaces/interface-life.js';
import { getAnyInterface, withInterface } from '../../cloud/lookup.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { checkInterfaceIds, unknownAttribute } from '../refusals.js';
import { trackingInput } from '../requests/interface.js';
import { networkInterfaceItem } from '../views/network-interface.js';

export const interfaceAttributeActions = { DescribeNetworkInterfaceAttribute, ModifyNetworkInterfaceAttribute };

function DescribeNetworkInterfaceAttribute(
  { NetworkInterfaceId: id = '', Attribute }: Input<'DescribeNetworkInterfaceAttribute'>,
  { cloud }: ActionContext,
): Output<'DescribeNetworkInterfaceAttribute'> {
  checkInterfaceIds([id]);
  const eni = getAnyInterface(cloud, id);
  const { Attachment, Groups } = networkInterfaceItem(cloud, eni);
  const NetworkInterfaceId = eni.id;
  switch (Attribute) {
    case 'attachment':
      return { NetworkInterfaceId, Attachment };
    case 'description':
      return { NetworkInterfaceId, Description: { Value: eni.description } };
    case 'groupSet':
      return { NetworkInterfaceId, Groups };
    case 'sourceDestCheck':
      return { NetworkInterfaceId, SourceDestCheck: { Value: eni.sourceDestCheck } };
    case 'associatePublicIpAddress':
      return { NetworkInterfaceId, AssociatePublicIpAddress: eni.poolAddress };
    default:
      throw unknownAttribute(Attribute);
  }
}

/** All attributes that a request names are changed at once; groups are replaced as a whole (A23). */
async function ModifyNetworkInterfaceAttribute(
  request: Input<'ModifyNetworkInterfaceAttribute'>,
  context: ActionContext,
): Promise<Output<'ModifyNetworkInterfaceAttribute'>> {
  const { NetworkInterfaceId: id = '', Groups, SourceDestCheck, Description, Attachment } = request;
  const { ConnectionTrackingSpecification: tracking, AssociatePublicIpAddress: pool } = request;
  checkInterfaceIds([id]);
  const changes: ((cloud: Cloud) => Cloud)[] = [];
  if (Groups !== undefined) changes.push((cloud) => setInterfaceGroups(cloud, id, Groups));
  const checked = SourceDestCheck?.Value;
  if (checked !== undefined) changes.push((cloud) => setSourceDestCheck(cloud, id, checked));
  if (Description !== undefined) changes.push((cloud) => describe(cloud, id, Description.Value ?? ''));
  if (Attachment !== undefined) changes.push((cloud) => changeAttachment(cloud, id, Attachment));
  if (tracking !== undefined) changes.push((cloud) => setConnectionTracking(cloud, id, trackingInput(tracking)));
  if (pool !== undefined) changes.push((cloud) => setPoolAddress(cloud, id, pool));
  if (changes.length === 0) throw new Ec2Error('InvalidParameterCombination', 'No attributes specified.');
  await context.change((before) => {
    getAnyInterface(before, id);
    return { cloud: changes.reduce((cloud, change) => change(cloud), before) };
  });
}

function describe(cloud: Cloud, id: string, description: string): Cloud {
  return withInterface(cloud, { ...getAnyInterface(cloud, id), description });
}

function changeAttachment(
  cloud: Cloud,
  id: string,
  { AttachmentId = '', DeleteOnTermination }: NetworkInterfaceAttachmentChanges,
): Cloud {
  const eni = interfaceOfAttachment(cloud, AttachmentId);
  if (eni.id !== id) {
    const text = `The attachment '${printable(AttachmentId)}' is not one of interface ${id}.`;
    throw new Ec2Error('InvalidAttachmentID.NotFound', text);
  }
  return withInterface(cloud, { ...eni, deleteOnTermination: DeleteOnTermination ?? eni.deleteOnTermination });
}
