import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { go } from '../shell/route.js';

interface Props {
  readonly text: string;
  readonly isWrong: boolean;
  readonly isSaving: boolean;
  /** Where one goes who gives up. */
  readonly back: readonly string[];
  readonly onSave: () => Promise<void>;
}

/** At the end of a form, at the right as in AWS's console. */
export function FormActions({ text, isWrong, isSaving, back, onSave }: Props) {
  return (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={() => go(back)}>
          Cancel
        </Button>
        <Button variant="primary" disabled={isWrong} loading={isSaving} onClick={() => void onSave()}>
          {text}
        </Button>
      </SpaceBetween>
    </Box>
  );
}
