import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queryString, request } from '../../lib/http.ts';
import { ProblemBanner } from '../../ui/problem-banner.tsx';

interface ExportMenuProps {
  shopId: number;
  /** Which list, and what it is narrowed to. */
  list: 'pushes' | 'issued-coupons' | 'recipients';
  filter: Record<string, string | number | undefined>;
  /** The list's name, for who cannot see what the button belongs to. */
  label: string;
}

/** The whole list as a file, xlsx or csv. */
export function ExportMenu({ shopId, list, filter, label }: ExportMenuProps) {
  const { t } = useTranslation();
  const [failure, setFailure] = useState<unknown>(null);
  const save = async (format: 'xlsx' | 'csv') => {
    setFailure(null);
    try {
      // A session that has ended is noticed here, where one can sign in again; the browser would save the refusal.
      await request('/api/me');
    } catch (error) {
      return setFailure(error);
    }
    const link = document.createElement('a');
    link.href = `/api/shops/${shopId}/exports/${list}${queryString({ ...filter, format })}`;
    link.download = '';
    link.click();
  };
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={16} aria-hidden />}
            aria-label={t('export.file', { list: label })}
          >
            {t('export.label')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['xlsx', 'csv'] as const).map((format) => (
            <Menu.Item key={format} onClick={() => void save(format)}>
              {t(`export.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {failure !== null && <ProblemBanner error={failure} />}
    </>
  );
}
