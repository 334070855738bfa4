import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './customer-search.module.css';

interface CustomerSearchProps {
  value: string | undefined;
  onSearch: (text: string | undefined) => void;
}

/** Looks for customers by what their mask shows, or by a whole ID or e-mail. */
export function CustomerSearch({ value = '', onSearch }: CustomerSearchProps) {
  const { t } = useTranslation();
  const hint = useId();
  const [text, setText] = useState(value);
  return (
    <search>
      <form
        className={classes.search}
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(text.trim() === '' ? undefined : text.trim());
        }}
      >
        <div className={classes.line}>
          <TextInput
            className={classes.input ?? ''}
            type="search"
            aria-label={t('customerSearch.label')}
            placeholder={t('customerSearch.label')}
            aria-describedby={hint}
            maxLength={254}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              if (event.currentTarget.value === '' && value !== '') onSearch(undefined);
            }}
          />
          <Button type="submit" variant="default" leftSection={<IconSearch size={16} />}>
            {t('history.search')}
          </Button>
        </div>
        <p className="cp-note" id={hint}>
          {t('customerSearch.hint')}
        </p>
      </form>
    </search>
  );
}
