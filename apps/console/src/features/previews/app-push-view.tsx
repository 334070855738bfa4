import type { MessagePreview } from '@coupon-push/contract/pushes.ts';
import { IconTicket } from '@tabler/icons-react';
import classes from './preview.module.css';

/** The notification on a phone. */
export function AppPushView({ appPush, language }: { appPush: MessagePreview['appPush']; language: string }) {
  const now = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second');
  return (
    <div className={classes.phone}>
      <article className={classes.notification} lang={language}>
        <span className={classes.notificationIcon} aria-hidden>
          <IconTicket size={18} />
        </span>
        <div>
          <p className={classes.notificationHead}>
            <strong>{appPush.title}</strong>
            <span>{now}</span>
          </p>
          <p>{appPush.body}</p>
        </div>
      </article>
    </div>
  );
}
