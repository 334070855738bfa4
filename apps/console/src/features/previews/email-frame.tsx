import type { MessagePreview } from '@coupon-push/contract/pushes.ts';
import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './preview.module.css';
import { type EmailView, shownHtml } from './rules.ts';

interface EmailFrameProps {
  email: MessagePreview['email'];
  width: 'phone' | 'desktop';
  view: EmailView;
}

/** CSS pixels that an e-mail client gives the message. */
const widths = { phone: 375, desktop: 680 } as const;

/**
 * The e-mail in a frame of its own width, scaled down to the room there is. The empty `sandbox` forbids it scripts,
 * forms, navigation and this page's origin; its links lead nowhere.
 */
export function EmailFrame({ email, width, view: { images, dark } }: EmailFrameProps) {
  const { t } = useTranslation();
  const { ref, width: room, height } = useElementSize();
  const html = useMemo(() => shownHtml(email.html, { images, dark }), [email.html, images, dark]);
  const wide = widths[width];
  const scale = room === 0 ? 1 : Math.min(1, room / wide);
  return (
    <div ref={ref} className={classes.frameRoom} data-dark={dark || undefined}>
      <iframe
        className={classes.frame}
        title={t('preview.frame')}
        sandbox=""
        srcDoc={html}
        style={{
          width: wide,
          height: height === 0 ? 480 : height / scale,
          transform: `scale(${scale})`,
          marginLeft: Math.max(0, (room - wide * scale) / 2),
        }}
      />
    </div>
  );
}
