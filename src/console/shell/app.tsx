import Alert from '@cloudscape-design/components/alert';
import AppLayout, { type AppLayoutProps } from '@cloudscape-design/components/app-layout';
import Box from '@cloudscape-design/components/box';
import Flashbar from '@cloudscape-design/components/flashbar';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import Spinner from '@cloudscape-design/components/spinner';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useDeferredValue, useEffect } from 'react';
import { type LabView, type LiveLab, useLab } from '../live/lab-store.js';
import { FaultBoundary } from './fault.js';
import { useNotices } from './notices.js';
import type { Page } from './page.js';
import { PAGES } from './pages.js';
import { href, type Route, useRoute } from './route.js';
import { useMode } from './theme.js';

export function App() {
  const view = useLab();
  const route = useRoute();
  // What is chosen on a page is marked at once; the panel about it may take a moment longer.
  const panelRoute = useDeferredValue(route);
  const page = PAGES.find(({ word }) => word === route.path[0]) ?? PAGES[0];
  const title = page?.title ?? '';
  useEffect(() => {
    document.title = view.live === null ? 'sglab' : `${title} | ${view.live.lab} | sglab`;
  }, [title, view.live]);
  const place = route.path.join('/');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place begins at its top
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [place]);
  return (
    <>
      <Header view={view} />
      <AppLayout
        headerSelector="#header"
        navigation={<Navigation current={page} live={view.live} />}
        notifications={<Notices view={view} />}
        stickyNotifications
        toolsHide
        maxContentWidth={Number.MAX_VALUE}
        ariaLabels={{ navigation: 'Pages', navigationToggle: 'Open the pages', navigationClose: 'Close the pages' }}
        {...panelOf(page, view, panelRoute)}
        content={page === undefined ? null : <Content page={page} view={view} route={route} />}
      />
    </>
  );
}

/** The panel is there as long as what it is about is chosen. */
function panelOf(page: Page | undefined, { live }: LabView, route: Route): Partial<AppLayoutProps> {
  const panel = page?.panel;
  if (panel === undefined || live === null || !panel.isOpen(route)) return { splitPanelOpen: false };
  const { component: Panel, close } = panel;
  return {
    splitPanel: <Panel live={live} route={route} />,
    splitPanelOpen: true,
    onSplitPanelToggle: ({ detail }) => detail.open || close(),
  };
}

function Header({ view }: { readonly view: LabView }) {
  const [mode, toggle] = useMode();
  const isDark = mode === 'dark';
  return (
    <div id="header" style={{ position: 'sticky', top: 0, zIndex: 1002 }}>
      <TopNavigation
        identity={{ href: href(['lab']), title: 'sglab' }}
        utilities={[
          {
            type: 'button',
            text: view.live === null ? '' : `${view.live.lab} · ${view.live.cloud.region}`,
            href: href(['lab']),
          },
          {
            type: 'button',
            text: isDark ? 'Light' : 'Dark',
            ariaLabel: `Use ${isDark ? 'light' : 'dark'} mode`,
            onClick: toggle,
          },
        ]}
      />
    </div>
  );
}

function Navigation({ current, live }: { readonly current: Page | undefined; readonly live: LiveLab | null }) {
  const pages = PAGES.filter(({ isShown }) => isShown === undefined || (live !== null && isShown(live)));
  const sections = [...new Set(pages.map(({ section }) => section))];
  const items = sections.flatMap((section): SideNavigationProps.Item[] => {
    const links = pages.filter((page) => page.section === section).map(linkTo);
    return section === null ? links : [{ type: 'section', text: section, items: links }];
  });
  return (
    <SideNavigation
      header={{ href: href(['lab']), text: live?.lab ?? 'sglab' }}
      activeHref={current === undefined ? '' : href([current.word])}
      items={items}
    />
  );
}

function linkTo({ word, title }: Page): SideNavigationProps.Link {
  return { type: 'link', text: title, href: href([word]) };
}

function Notices({ view }: { readonly view: LabView }) {
  const { notices } = useNotices();
  const state = connectionNotice(view);
  return <Flashbar items={[...(state === null ? [] : [state]), ...notices]} />;
}

function connectionNotice({ connection, live }: LabView) {
  if (connection === 'lost' && live !== null) {
    const content =
      'The controller of the lab does not answer. The page shows what it heard last, and comes back by itself when the controller does.';
    return { id: 'connection', type: 'warning', loading: true, header: 'Connection lost', content } as const;
  }
  if (connection === 'down') {
    const content = 'The lab was taken down. `sglab up` builds it again, `sglab console` opens a new page.';
    return { id: 'connection', type: 'info', header: 'The lab is down', content } as const;
  }
  return null;
}

function Content({ page, view, route }: { readonly page: Page; readonly view: LabView; readonly route: Route }) {
  if (view.live !== null) {
    const { component: Component } = page;
    return (
      <FaultBoundary key={page.word}>
        <Component live={view.live} route={route} />
      </FaultBoundary>
    );
  }
  if (view.connection === 'connecting') {
    return (
      <Box textAlign="center" padding="xxl">
        <Spinner size="large" />
      </Box>
    );
  }
  return (
    <Alert type="error" header="No session">
      This browser has no session with the console, or the lab is gone. Run <code>sudo sglab console</code> and open the
      URL that it prints.
    </Alert>
  );
}
