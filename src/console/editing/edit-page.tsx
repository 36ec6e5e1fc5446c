import Alert from '@cloudscape-design/components/alert';
import type { ReactNode } from 'react';
import type { LiveLab } from '../live/lab-store.js';
import { FormActions } from '../resources/form-actions.js';
import { type Crumbs, ResourcePage } from '../resources/resource-page.js';
import { notify, notifyFailure } from '../shell/notices.js';
import { go } from '../shell/route.js';
import { type Change, make } from './change.js';
import { PreviewPanel } from './preview-panel.js';
import { usePreview } from './use-preview.js';

export interface Saving {
  readonly isSaving: boolean;
  readonly setSaving: (isSaving: boolean) => void;
}

interface Props {
  readonly live: LiveLab;
  readonly crumbs: Crumbs;
  readonly title: string;
  readonly description: string;
  /** null: there is nothing to save, or something wrong in the form. */
  readonly change: Change | null;
  /** Something in the form is wrong, so that it cannot be saved. */
  readonly isWrong: boolean;
  readonly saving: Saving;
  /** Where the page goes afterwards, and shows what the change turned. */
  readonly back: readonly string[];
  readonly saveText: string;
  readonly children: ReactNode;
}

/** A form that changes the lab: says before what would turn, and leads to where packets prove it. */
export function EditPage({ live, change, isWrong, saving, back, saveText, children, ...page }: Props) {
  // Once it is made, there is nothing left to preview: it would be refused.
  const preview = usePreview(saving.isSaving ? null : change, live.change);
  const save = async () => {
    if (change === null) return go(back);
    saving.setSaving(true);
    try {
      await make(change, back.join('/'));
      notify({ type: 'success', header: `${page.title}: saved` });
      go(back);
    } catch (error) {
      notifyFailure(`${page.title}: not saved`, error);
      saving.setSaving(false);
    }
  };
  return (
    <ResourcePage {...page}>
      {children}
      <PreviewPanel preview={preview} change={change} />
      <FormActions text={saveText} isWrong={isWrong} isSaving={saving.isSaving} back={back} onSave={save} />
    </ResourcePage>
  );
}

interface MeanwhileProps {
  readonly what: string;
  readonly rows: readonly { readonly meanwhile: string | null }[];
  readonly gone: number;
}

/** That others changed the same while the form was open; nothing is said as long as nobody did. */
export function MeanwhileAlert({ what, rows, gone }: MeanwhileProps) {
  const count = (meanwhile: string) => rows.filter((row) => row.meanwhile === meanwhile).length;
  const removed = gone + count('gone');
  const said = [
    [count('added'), 'added'],
    [count('changed') + count('conflict'), 'changed'],
    [removed, 'removed'],
  ].flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
  if (said.length === 0) return null;
  return (
    <Alert type="info" header={`${what} changed while you were editing it`}>
      By somebody else: {said.join(', ')}. The form has these changes, and keeps yours.
      {count('conflict') > 0 && ' Where both changed the same, the form has yours; the row says so.'}
    </Alert>
  );
}
