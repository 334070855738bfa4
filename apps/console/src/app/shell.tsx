import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DemoTools, MarketplaceClock } from '../features/marketplace/demo-clock.tsx';
import { AccountMenu } from '../features/session/account-menu.tsx';
import { LanguageSelect } from '../features/session/language-select.tsx';
import { SignInDialog } from '../features/session/sign-in-dialog.tsx';
import { MainMenu } from './main-menu.tsx';
import classes from './shell.module.css';
import { ShopSelect } from './shop-select.tsx';

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
          <DemoTools onSkipped={menu.close} />
        </div>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <SignInDialog />
    </AppShell>
  );
}
