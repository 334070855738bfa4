import { Button, Group, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './compensation.module.css';

interface UploadProgressProps {
  name: string;
  /** How much has left this computer, 0 to 1; then the server reads it. */
  share: number;
  onCancel: () => void;
}

/** First how much of the file is sent, which is known; then that it is being read, which takes a moment. */
export function UploadProgress({ name, share, onCancel }: UploadProgressProps) {
  const { t } = useTranslation();
  const reading = share >= 1;
  const percent = Math.floor(share * 100);
  const text = t(reading ? 'compensation.dialog.reading' : 'compensation.dialog.sending');
  return (
    <div className={classes.sending}>
      <p className={classes.file}>{name}</p>
      <p className={classes.stage} role="status">
        <span>{text}</span>
        {!reading && <span className="cp-num">{percent}%</span>}
      </p>
      <Progress size="lg" value={reading ? 100 : percent} striped={reading} animated={reading} aria-label={text} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t('compensation.dialog.cancel')}
        </Button>
      </Group>
    </div>
  );
}
