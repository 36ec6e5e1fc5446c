/** Instances and interfaces. */
import { describeInstancesActions } from './describe-instances.js';
import { instanceAttributeActions } from './instance-attributes.js';
import { instanceCatalogueActions } from './instance-catalogue.js';
import { instanceOptionActions } from './instance-options.js';
import { instanceStateActions } from './instance-states.js';
import { interfaceAddressActions } from './interface-addresses.js';
import { interfaceAttachmentActions } from './interface-attachments.js';
import { interfaceAttributeActions } from './interface-attributes.js';
import { keyPairActions } from './key-pairs.js';
import { networkInterfaceActions } from './network-interfaces.js';
import { runInstancesActions } from './run-instances.js';

export const machineActions = {
  ...runInstancesActions,
  ...describeInstancesActions,
  ...instanceAttributeActions,
  ...instanceCatalogueActions,
  ...instanceOptionActions,
  ...instanceStateActions,
  ...keyPairActions,
  ...networkInterfaceActions,
  ...interfaceAddressActions,
  ...interfaceAttachmentActions,
  ...interfaceAttributeActions,
};
