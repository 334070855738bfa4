import { languageNames, languages } from '@coupon-push/i18n/languages.ts';
import { NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, isLanguage, useLanguage } from '../../lib/i18n.ts';
import { changeMe } from './api/change-me.ts';
import { meQuery } from './api/get-me.ts';

/** Switches the page's language; a signed-in seller's choice is also kept with the account. */
export function LanguageSelect() {
  const { t } = useTranslation();
  const language = useLanguage();
  const client = useQueryClient();

  const choose = async (value: string) => {
    if (!isLanguage(value)) return;
    await chooseLanguage(value);
    if (client.getQueryData(meQuery.queryKey) === undefined) return;
    // The page has switched already; an account that could not be told switches at the next choice.
    const me = await changeMe({ language: value }).catch(() => null);
    if (me !== null) client.setQueryData(meQuery.queryKey, me);
  };

  return (
    <NativeSelect
      size="xs"
      aria-label={t('header.language')}
      value={language}
      onChange={(event) => void choose(event.currentTarget.value)}
      data={languages.map((value) => ({ value, label: languageNames[value] }))}
    />
  );
}
