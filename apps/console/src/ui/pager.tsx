import { Button, Group } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface PagerProps {
  after: string | undefined;
  next: string | null;
  onPage: (after: string | undefined) => void;
}

/** Moves through a list that is read newest first; earlier pages are also reached with the browser's back. */
export function Pager({ after, next, onPage }: PagerProps) {
  const { t } = useTranslation();
  if (after === undefined && next === null) return null;
  return (
    <Group justify="flex-end" gap="xs" mt="sm" component="nav" aria-label={t('common.pages')}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconChevronLeft size={14} />}
        disabled={after === undefined}
        onClick={() => onPage(undefined)}
      >
        {t('common.newest')}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        rightSection={<IconChevronRight size={14} />}
        disabled={next === null}
        onClick={() => onPage(next ?? undefined)}
      >
        {t('common.older')}
      </Button>
    </Group>
  );
}
