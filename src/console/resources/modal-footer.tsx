import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';

interface Props {
  readonly verb: string;
  readonly isDisabled?: boolean;
  readonly isBusy?: boolean;
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
}

/** Cancel, and what the dialog is about, at the right as in AWS's console. */
export function ModalFooter({ verb, isDisabled = false, isBusy = false, onCancel, onConfirm }: Props) {
  return (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onCancel}>
          Cancel
        </Button>
        <Button variant="primary" loading={isBusy} disabled={isDisabled} onClick={onConfirm}>
          {verb}
        </Button>
      </SpaceBetween>
    </Box>
  );
}
