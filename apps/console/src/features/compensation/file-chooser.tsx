import { orderFileMaxBytes, orderFileMaxRows } from '@coupon-push/contract/compensation-limits.ts';
import { Button } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './compensation.module.css';

interface FileChooserProps {
  file: File | null;
  invalid: boolean;
  onChoose: (file: File | null) => void;
}

/** A file by dialog or by drag and drop. */
export function FileChooser({ file, invalid, onChoose }: FileChooserProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const choose = (files: FileList | null) => {
    const [first] = files ?? [];
    if (first !== undefined) onChoose(first);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is there for everybody
    <div
      className={classes.drop}
      data-over={over || undefined}
      data-invalid={invalid || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        choose(event.dataTransfer.files);
      }}
    >
      <IconFileSpreadsheet size={32} className={classes.icon} aria-hidden />
      <input
        ref={input}
        type="file"
        hidden
        accept=".xls,.xlsx,.csv"
        aria-label="Excel Upload"
        onChange={(event) => {
          choose(event.currentTarget.files);
          // The same file, mended meanwhile, can be chosen again.
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant="default"
        onClick={() => input.current?.click()}
        aria-describedby="order-file-note"
        data-autofocus
      >
        Excel Upload
      </Button>
      <p className="cp-note">{t('compensation.dialog.drop')}</p>
      <p className={classes.file} aria-live="polite">
        {file !== null && `${file.name} (${sizeText(file.size)})`}
      </p>
      <p className="cp-note" id="order-file-note">
        {t('compensation.dialog.kinds')}{' '}
        {t('compensation.dialog.limits', {
          megabytes: orderFileMaxBytes / 1024 / 1024,
          rows: format.number(orderFileMaxRows),
        })}
      </p>
    </div>
  );
}

/** `34 KB`, `1.2 MB` */
function sizeText(bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return kilobytes < 1000 ? `${kilobytes} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
