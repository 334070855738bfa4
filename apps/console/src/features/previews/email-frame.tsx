import type { MessagePreview } from '@coupon-push/contract/pushes.ts';
import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import classes from './preview.module.css';

interface EmailFrameProps {
  email: MessagePreview['email'];
  width: 'phone' | 'desktop';
  language: string;
}

/** CSS pixels that an e-mail client gives the message. */
const widths = { phone: 375, desktop: 680 } as const;

/**
 * The e-mail in a frame of its own width, scaled down to the room there is. The empty `sandbox` forbids it scripts,
 * forms, navigation and this page's origin; its links lead nowhere.
 */
export function EmailFrame({ email, width, language }: EmailFrameProps) {
  const { t } = useTranslation();
  const { ref, width: room, height } = useElementSize();
  const wide = widths[width];
  const scale = room === 0 ? 1 : Math.min(1, room / wide);
  return (
    <div className={classes.email}>
      <dl className={classes.mailHead}>
        <div>
          <dt>{t('preview.from')}</dt>
          <dd>{email.from}</dd>
        </div>
        <div>
          <dt>{t('preview.subject')}</dt>
          <dd lang={language}>
            <strong>{email.subject}</strong>
          </dd>
        </div>
      </dl>
      <div ref={ref} className={classes.frameRoom}>
        <iframe
          className={classes.frame}
          title={t('preview.frame')}
          sandbox=""
          srcDoc={email.html}
          style={{
            width: wide,
            height: height === 0 ? 480 : height / scale,
            transform: `scale(${scale})`,
            marginLeft: Math.max(0, (room - wide * scale) / 2),
          }}
        />
      </div>
    </div>
  );
}
