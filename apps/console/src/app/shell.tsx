import { AppShell, Burger, Group, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DemoTools, MarketplaceClock } from '../features/marketplace/demo-clock.tsx';
import { AccountMenu } from '../features/session/account-menu.tsx';
import { meQuery } from '../features/session/api/get-me.ts';
import { LanguageSelect } from '../features/session/language-select.tsx';
import { SignInDialog } from '../features/session/sign-in-dialog.tsx';
import { MainMenu } from './main-menu.tsx';
import classes from './shell.module.css';

/** The frame of every signed-in page: header, left menu, content. */
export function Shell() {
  const { t } = useTranslation();
  const [menuOpened, menu] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 200, breakpoint: 'md', collapsed: { mobile: !menuOpened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="cp-skip" href="#content">
        {t('header.skipToContent')}
      </a>
      <AppShell.Header className={classes.header}>
        <Burger
          opened={menuOpened}
          onClick={menu.toggle}
          hiddenFrom="md"
          size="sm"
          aria-label={t(menuOpened ? 'header.closeMenu' : 'header.openMenu')}
          aria-expanded={menuOpened}
        />
        <ShopSelect />
        <span className={classes.grow} />
        <MarketplaceClock />
        <Group gap="xs" visibleFrom="md" wrap="nowrap">
          <DemoTools />
          <LanguageSelect />
        </Group>
        <AccountMenu />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label={t('nav.label')}>
        <MainMenu onChosen={menu.close} />
        <div className={classes.tools}>
          <LanguageSelect />
          <DemoTools />
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <SignInDialog />
    </AppShell>
  );
}

/** The shop that is worked for; a choice where the seller has several. */
function ShopSelect() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const { shopId } = useParams({ strict: false });
  const navigate = useNavigate();
  const current = me.shops.find((shop) => String(shop.id) === shopId);
  if (me.shops.length < 2) return <strong className={classes.shop}>{current?.name ?? me.shops[0]?.name}</strong>;
  return (
    <NativeSelect
      size="xs"
      className={classes.shops}
      aria-label={t('header.shop')}
      value={shopId ?? ''}
      onChange={(event) =>
        void navigate({ to: '/shops/$shopId/push', params: { shopId: event.currentTarget.value }, search: {} })
      }
      data={me.shops.map((shop) => ({ value: String(shop.id), label: shop.name }))}
    />
  );
}
