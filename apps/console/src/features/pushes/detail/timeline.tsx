import type { Push } from '@coupon-push/contract/pushes.ts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './push-page.module.css';

/** What happened to the push, oldest first. A kind that this version has no words for is shown by its name. */
export function Timeline({ entries }: { entries: Push['timeline'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  if (entries.length === 0) return null;
  const more = ({ detail }: Push['timeline'][number]) => {
    const { recipients, failed, channel } = detail;
    const said: string[] = [];
    if (channel === 'email' || channel === 'app_push' || channel === 'reminder')
      said.push(t(`progress.channel.${channel}`));
    if (typeof recipients === 'number') {
      said.push(t('timeline.recipients', { count: recipients, number: format.number(recipients) }));
    }
    if (typeof failed === 'number' && failed > 0) {
      said.push(t('timeline.failed', { count: failed, number: format.number(failed) }));
    }
    return said;
  };
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
              {entry.by !== null && <> {t('timeline.by', { name: entry.by })}</>}
              {more(entry).map((text) => (
                <span key={text} className={classes.small}>
                  {' '}
                  · {text}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
