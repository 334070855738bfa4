import type { Category } from '@coupon-push/contract/items.ts';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { categoriesQuery } from './api/get-categories.ts';
import type { ItemFilter } from './api/get-items.ts';
import classes from './items.module.css';

interface Typed {
  large: number | undefined;
  middle: number | undefined;
  small: number | undefined;
  keyword: string;
  itemNo: string;
}

const nothing: Typed = { large: undefined, middle: undefined, small: undefined, keyword: '', itemNo: '' };

/** On a phone the focus would open the keyboard over the items. */
function hasKeyboard(): boolean {
  return window.matchMedia('(hover: hover)').matches;
}

function childrenOf(categories: Category[], id: number | undefined): Category[] {
  return id === undefined ? [] : (categories.find((category) => category.id === id)?.children ?? []);
}

/** Three levels of categories, keyword and item number. */
export function ItemSearchForm({ shopId, onSearch }: { shopId: number; onSearch: (filter: ItemFilter) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(nothing);
  const { data } = useQuery(categoriesQuery(shopId));
  const large = data?.categories ?? [];
  const middle = childrenOf(large, typed.large);
  const small = childrenOf(middle, typed.middle);

  const search = (next: Typed) => {
    setTyped(next);
    onSearch({
      large: next.large,
      middle: next.middle,
      small: next.small,
      keyword: next.keyword.trim() || undefined,
      itemNo: next.itemNo.trim() || undefined,
    });
  };

  return (
    <search>
      <form
        className={classes.search}
        aria-label={t('items.search')}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          search(typed);
        }}
      >
        <CategorySelect
          label={t('items.large')}
          categories={large}
          value={typed.large}
          onChange={(id) => search({ ...typed, large: id, middle: undefined, small: undefined })}
        />
        <CategorySelect
          label={t('items.middle')}
          categories={middle}
          value={typed.middle}
          onChange={(id) => search({ ...typed, middle: id, small: undefined })}
        />
        <CategorySelect
          label={t('items.small')}
          categories={small}
          value={typed.small}
          onChange={(id) => search({ ...typed, small: id })}
        />
        <TextInput
          size="xs"
          aria-label={t('items.keyword')}
          data-autofocus={hasKeyboard() || undefined}
          placeholder={t('items.keyword')}
          maxLength={100}
          value={typed.keyword}
          onChange={(event) => setTyped({ ...typed, keyword: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          aria-label={t('items.itemNo')}
          placeholder={t('items.itemNo')}
          maxLength={100}
          value={typed.itemNo}
          onChange={(event) => setTyped({ ...typed, itemNo: event.currentTarget.value })}
        />
        <Button type="submit" size="xs" leftSection={<IconSearch size={14} />}>
          {t('items.search')}
        </Button>
      </form>
    </search>
  );
}

interface CategorySelectProps {
  label: string;
  categories: Category[];
  value: number | undefined;
  onChange: (id: number | undefined) => void;
}

function CategorySelect({ label, categories, value, onChange }: CategorySelectProps) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      disabled={categories.length === 0}
      value={value === undefined ? '' : String(value)}
      onChange={(event) => onChange(Number(event.currentTarget.value) || undefined)}
      data={[
        { value: '', label: `== ${label} ==` },
        ...categories.map((category) => ({ value: String(category.id), label: category.name })),
      ]}
    />
  );
}
