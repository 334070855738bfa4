import { Button, type MantineColorScheme, Menu, Modal, useMantineColorScheme } from '@mantine/core';
import { IconChevronDown, IconLogout, IconSettings, IconUser } from '@tabler/icons-react';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { meQuery } from './api/get-me.ts';
import { signOut } from './api/sign-out.ts';

const schemes = ['light', 'dark', 'auto'] as const satisfies MantineColorScheme[];

export function AccountMenu() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const navigate = useNavigate();

  // Nobody may walk away from a page that only looks signed out: a failure is told, and the page stays.
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/sign-in', search: {} });
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'marketplace' });
    },
  });

  return (
    <>
      <Modal
        opened={leaving.isError}
        onClose={leaving.reset}
        title={t('header.signOut')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <ProblemBanner error={leaving.error} />
      </Modal>
      <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            c="var(--mantine-color-text)"
            leftSection={<IconUser size={16} />}
            rightSection={<IconChevronDown size={14} />}
            aria-label={`${t('header.account')}: ${me.user.name}`}
          >
            <span className="cp-account-name">{me.user.name}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me.user.email}</Menu.Label>
          <Menu.Item component={Link} to="/account" leftSection={<IconSettings size={16} />}>
            {t('header.accountPage')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('header.appearance')}</Menu.Label>
          <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as MantineColorScheme)}>
            {schemes.map((value) => (
              <Menu.RadioItem key={value} value={value}>
                {t(`header.scheme.${value}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leaving.mutate()}>
            {t('header.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
