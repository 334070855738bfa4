import { Alert, Anchor, Button } from '@mantine/core';
import { IconDeviceFloppy, IconTrash } from '@tabler/icons-react';
import { Link, useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './draft-note.module.css';
import type { Draft, Elsewhere } from './use-draft.ts';

/** Whether what was typed is kept, and since when; a way to be rid of it. */
export function DraftNote({ draft, onDiscarded }: { draft: Draft; onDiscarded: () => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <div className={classes.note}>
      <span role="status" className={classes.text} data-warn={!draft.kept || undefined}>
        <DraftText draft={draft} />
      </span>
      {draft.savedAt !== null && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          c="var(--mantine-color-text)"
          leftSection={<IconTrash size={14} />}
          onClick={() => setAsking(true)}
        >
          {t('apply.draft.discard')}
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title={t('apply.draft.discardTitle')}
        confirm={t('apply.draft.discard')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          draft.discard();
          onDiscarded();
        }}
      >
        <p>{t('apply.draft.discardText')}</p>
      </ConfirmDialog>
      <LeaveGuard active={!draft.kept} />
    </div>
  );
}

/** Says the minute only: it is read out when it changes, and typing is not to be talked over. */
function DraftText({ draft: { savedAt, restored, kept } }: { draft: Draft }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (savedAt === null) return null;
  if (!kept) return t('apply.draft.notKept');
  return (
    <>
      <IconDeviceFloppy size={14} aria-hidden />
      {restored
        ? t('apply.draft.restored', { moment: format.moment(savedAt) })
        : t('apply.draft.saved', { time: format.time(savedAt) })}
    </>
  );
}

/** Where nothing can be kept, leaving is asked about: links by a dialog, closing the tab by the browser. */
function LeaveGuard({ active }: { active: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({ shouldBlockFn: () => active, enableBeforeUnload: active, withResolver: true });
  return (
    <ConfirmDialog
      opened={blocker.status === 'blocked'}
      title={t('apply.draft.leaveTitle')}
      confirm={t('apply.draft.leave')}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
    >
      <p>{t('apply.draft.leaveText')}</p>
    </ConfirmDialog>
  );
}

interface ElsewhereNoteProps {
  shopId: number;
  elsewhere: Elsewhere;
  onClose: () => void;
}

/** What happened to this draft in another tab. */
export function ElsewhereNote({ shopId, elsewhere, onClose }: ElsewhereNoteProps) {
  const { t } = useTranslation();
  return (
    <Alert
      color="blue"
      variant="light"
      role="status"
      mb="sm"
      withCloseButton
      closeButtonLabel={t('common.close')}
      onClose={onClose}
    >
      {elsewhere.kind === 'applied' && (
        <>
          {t('apply.draft.appliedElsewhere', { id: elsewhere.pushId })}{' '}
          <Anchor component={Link} to={`/shops/${shopId}/pushes/${elsewhere.pushId}`} fz="inherit">
            {t('apply.draft.seePush')}
          </Anchor>
        </>
      )}
      {elsewhere.kind === 'discarded' && t('apply.draft.discardedElsewhere')}
      {elsewhere.kind === 'changed' && t('apply.draft.changedElsewhere')}
    </Alert>
  );
}
