import type { Push } from '@coupon-push/contract/pushes.ts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './push-page.module.css';

/** What happened to the push, oldest first. A kind that this version has no words for is shown by its name. */
export function Timeline({ entries }: { entries: Push['timeline'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  if (entries.length === 0) return null;
  return (
    <section className={classes.section} aria-label={t('timeline.title')}>
      <h2>{t('timeline.title')}</h2>
      <ol className={classes.timeline}>
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
          <li key={index}>
            <time dateTime={entry.happenedAt}>{format.timestamp(entry.happenedAt)}</time>
            <span>
              {i18n.exists(`timeline.${entry.kind}`) ? t(`timeline.${entry.kind}` as 'timeline.applied') : entry.kind}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
