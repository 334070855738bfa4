import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { FieldErrorText } from '../../ui/form-row.tsx';
import { uploadQuery } from './api/get-upload.ts';
import { uploadOrderFile } from './api/upload-order-file.ts';
import { FileChooser } from './file-chooser.tsx';
import { orderFileRefusal } from './rules.ts';
import { UploadOutcome } from './upload-outcome.tsx';
import { UploadProgress } from './upload-progress.tsx';

interface UploadDialogProps {
  shopId: number;
  /** What was uploaded before: its outcome is shown first. */
  upload: CompensationUpload | null;
  /** A file was read that names somebody: from now on it is the form's. */
  onUploaded: (upload: CompensationUpload) => void;
  onClose: () => void;
}

/** Choose a file, upload it, and see row by row what became of it (spec 5, File upload). */
export function UploadDialog({ shopId, upload: before, onUploaded, onClose }: UploadDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [shown, setShown] = useState(before);
  const [share, setShare] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const send = useMutation({
    mutationFn: async (chosen: File) => {
      const refusal = orderFileRefusal(chosen);
      if (refusal !== null) throw refusal;
      setShare(0);
      abort.current = new AbortController();
      return await uploadOrderFile(shopId, chosen, { onSent: setShare, signal: abort.current.signal });
    },
    onSuccess: (upload) => {
      client.setQueryData(uploadQuery(shopId, upload.id).queryKey, upload);
      setShown(upload);
      if (upload.customers > 0) onUploaded(upload);
    },
  });
  // Whoever leaves does not want it any more.
  useEffect(() => () => abort.current?.abort(), []);
  const choose = (chosen: File | null) => {
    send.reset();
    setFile(chosen);
  };
  const again = () => {
    choose(null);
    setShown(null);
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('compensation.dialog.title')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {send.isPending ? (
        <UploadProgress name={file?.name ?? ''} share={share} onCancel={() => abort.current?.abort()} />
      ) : shown === null ? (
        <Choosing file={file} error={send.error} onChoose={choose} onSend={send.mutate} onClose={onClose} />
      ) : (
        <Stack gap="md">
          <UploadOutcome shopId={shopId} upload={shown} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" leftSection={<IconUpload size={16} />} onClick={again}>
              {t('compensation.dialog.another')}
            </Button>
            <Button onClick={onClose} data-autofocus>
              {t('common.ok')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

interface ChoosingProps {
  file: File | null;
  error: unknown;
  onChoose: (file: File | null) => void;
  onSend: (file: File) => void;
  onClose: () => void;
}

function Choosing({ file, error, onChoose, onSend, onClose }: ChoosingProps) {
  const { t } = useTranslation();
  const { ofError, ofField } = useProblemText();
  const calledOff = error instanceof DOMException && error.name === 'AbortError';
  const failed = error !== null && !calledOff;
  const [fieldError] = failed ? problemOf(error).fields : [];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // The form of the application lies around this one, as React sees it.
        event.stopPropagation();
        if (file !== null) onSend(file);
      }}
    >
      <Stack gap="md">
        <FileChooser file={file} invalid={failed} onChoose={onChoose} />
        {failed && <FieldErrorText>{fieldError === undefined ? ofError(error) : ofField(fieldError)}</FieldErrorText>}
        {calledOff && <p className="cp-note">{t('compensation.dialog.calledOff')}</p>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          <Button type="submit" leftSection={<IconUpload size={16} />} disabled={file === null}>
            Upload File
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
