import type { PreviewRequest } from '@coupon-push/contract/pushes.ts';
import type { TestSend } from '@coupon-push/contract/test-sends.ts';
import { type Language, languageNames, languages } from '@coupon-push/i18n/languages.ts';
import { Anchor, Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconExternalLink, IconLoader2, IconSend } from '@tabler/icons-react';
import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage } from '../../lib/i18n.ts';
import { randomUuid } from '../../lib/random-uuid.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { FieldErrorText } from '../../ui/form-row.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { meQuery } from '../session/api/get-me.ts';
import { testSendQuery } from './api/get-test-send.ts';
import { requestTestSend } from './api/request-test-send.ts';
import classes from './preview.module.css';

interface TestSendDialogProps {
  shopId: number;
  request: PreviewRequest;
  /** The language that is looked at. */
  language: Language;
  onClose: () => void;
}

/** Sends the e-mail as it is chosen now to the seller's own address, and says what became of it. */
export function TestSendDialog({ shopId, request, language, onClose }: TestSendDialogProps) {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const [chosen, setChosen] = useState<Language[]>([language]);
  const [key, setKey] = useState(randomUuid);
  const send = useMutation({
    mutationFn: () => requestTestSend(shopId, { ...request, languages: chosen }, key),
    // Answered: what is asked for next is something else. Unanswered, the same key asks again.
    onSuccess: () => setKey(randomUuid()),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('testSend.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      zIndex={400}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (chosen.length > 0 && !send.isPending) send.mutate();
        }}
      >
        <Stack gap="md">
          <p className={classes.plain}>{t('testSend.text')}</p>
          <FactList>
            <Fact label={t('testSend.to')}>
              <strong>{me.user.email}</strong>
            </Fact>
          </FactList>
          <Checkbox.Group
            label={t('testSend.languages')}
            value={chosen}
            onChange={(values) => setChosen(languages.filter((one) => values.includes(one) && isLanguage(one)))}
          >
            <Group gap="lg" mt={6}>
              {languages.map((one) => (
                <Checkbox key={one} value={one} label={languageNames[one]} />
              ))}
            </Group>
          </Checkbox.Group>
          {chosen.length === 0 && <FieldErrorText>{t('testSend.oneLanguage')}</FieldErrorText>}
          {send.isError && <ProblemBanner error={send.error} />}
          {send.isSuccess && <Outcome shopId={shopId} asked={send.data} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common.close')}
            </Button>
            <Button
              type="submit"
              leftSection={<IconSend size={16} />}
              loading={send.isPending}
              disabled={chosen.length === 0}
              data-autofocus
            >
              {t(send.isSuccess ? 'testSend.again' : 'testSend.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Where it went, language by language. */
function Outcome({ shopId, asked }: { shopId: number; asked: TestSend }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const { data } = useQuery({ ...testSendQuery(shopId, asked.id), initialData: asked });
  return (
    <div role="status" className={classes.outcome}>
      <p className={classes.plain}>{data.to}</p>
      <ul>
        {data.mails.map((mail) => (
          <li key={mail.language} data-state={mail.state}>
            {mail.state === 'waiting' && <IconLoader2 size={16} aria-hidden />}
            {mail.state === 'sent' && <IconCircleCheck size={16} aria-hidden />}
            {mail.state === 'failed' && <IconCircleX size={16} aria-hidden />}
            <span>
              {languageNames[mail.language]}: {mail.state === 'waiting' && t('testSend.waiting')}
              {mail.state === 'sent' && t('testSend.sent', { time: format.time(mail.finishedAt ?? data.createdAt) })}
              {mail.state === 'failed' && t(`testSend.failed.${mail.reason ?? 'mail_server'}`)}
            </span>
          </li>
        ))}
      </ul>
      {marketplace.demo && (
        <Anchor href={`/mailbox?to=${encodeURIComponent(data.to)}`} target="_blank" rel="noreferrer" fz="sm">
          {t('testSend.mailbox')} <IconExternalLink size={14} aria-hidden />
          <span className="cp-sr">{t('common.newTab')}</span>
        </Anchor>
      )}
    </div>
  );
}
