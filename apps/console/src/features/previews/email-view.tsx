import type { MessagePreview } from '@coupon-push/contract/pushes.ts';
import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconMoon, IconPhotoOff, IconSend } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmailFrame } from './email-frame.tsx';
import classes from './preview.module.css';

/** How the e-mail is looked at; kept while the form changes. */
export interface EmailLook {
  part: 'html' | 'text';
  images: boolean;
  dark: boolean;
}

export const firstLook: EmailLook = { part: 'html', images: true, dark: false };

interface EmailViewProps {
  email: MessagePreview['email'];
  language: string;
  width: 'phone' | 'desktop';
  look: EmailLook;
  onLook: (look: EmailLook) => void;
  onTest: () => void;
}

/** The e-mail with its lines in a list of mail, as programs show it: with pictures or without, light or dark, or as text. */
export function EmailView({ email, language, width, look, onLook, onTest }: EmailViewProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.email}>
      <div className={classes.looks}>
        <SegmentedControl
          size="xs"
          aria-label={t('preview.part')}
          value={look.part}
          onChange={(part) => onLook({ ...look, part: part === 'text' ? 'text' : 'html' })}
          data={[
            { value: 'html', label: t('preview.html') },
            { value: 'text', label: t('preview.text') },
          ]}
        />
        {look.part === 'html' && (
          <>
            <Toggle
              label={t('preview.imagesOff')}
              on={!look.images}
              onToggle={() => onLook({ ...look, images: !look.images })}
            >
              <IconPhotoOff size={16} />
            </Toggle>
            <Toggle label={t('preview.dark')} on={look.dark} onToggle={() => onLook({ ...look, dark: !look.dark })}>
              <IconMoon size={16} />
            </Toggle>
          </>
        )}
        <Button
          className={classes.test ?? ''}
          variant="default"
          size="compact-sm"
          leftSection={<IconSend size={14} />}
          onClick={onTest}
        >
          {t('testSend.open')}
        </Button>
      </div>
      <dl className={classes.mailHead}>
        <Line label={t('preview.from')}>{email.from}</Line>
        <Line label={t('preview.subject')} language={language}>
          <strong>{email.subject}</strong>
        </Line>
        <Line label={t('preview.preheader')} language={language}>
          {email.preheader}
        </Line>
      </dl>
      {look.part === 'html' ? (
        <EmailFrame email={email} width={width} view={look} />
      ) : (
        <section
          className={classes.text}
          lang={language}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable with the keyboard
          tabIndex={0}
          aria-label={t('preview.textPart')}
          data-width={width}
        >
          {email.text}
        </section>
      )}
    </div>
  );
}

function Line({ label, language, children }: { label: string; language?: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd lang={language}>{children}</dd>
    </div>
  );
}

interface ToggleProps {
  label: string;
  on: boolean;
  onToggle: () => void;
  children: ReactNode;
}

function Toggle({ label, on, onToggle, children }: ToggleProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant={on ? 'filled' : 'default'} aria-label={label} aria-pressed={on} onClick={onToggle}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
