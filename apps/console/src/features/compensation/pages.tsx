import { pageSize } from '@coupon-push/contract/compensation-limits.ts';
import { Pagination } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './compensation.module.css';

interface PagesProps {
  page: number;
  total: number;
  onPage: (page: number) => void;
}

/** Which part of a list is shown, and the way to the others; nothing when there is one page. */
export function Pages({ page, total, onPage }: PagesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = Math.ceil(total / pageSize);
  if (pages <= 1) return null;
  const from = (page - 1) * pageSize + 1;
  return (
    <nav className={classes.pages} aria-label={t('common.pages')}>
      <span className="cp-note" aria-live="polite">
        {t('compensation.pages.range', {
          from: format.number(from),
          until: format.number(Math.min(total, from + pageSize - 1)),
          total: format.number(total),
        })}
      </span>
      <Pagination
        size="sm"
        total={pages}
        value={page}
        onChange={onPage}
        getControlProps={(control) => ({ 'aria-label': t(`compensation.pages.${control}`) })}
        getItemProps={(item) => ({ 'aria-label': t('compensation.pages.page', { page: item }) })}
      />
    </nav>
  );
}
