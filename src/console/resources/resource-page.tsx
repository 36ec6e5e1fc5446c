import Alert from '@cloudscape-design/components/alert';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { href } from '../shell/route.js';

/** Words of a place, each with its path. */
export type Crumbs = readonly { readonly text: string; readonly path: readonly string[] }[];

interface Props {
  readonly crumbs: Crumbs;
  readonly title: string;
  readonly description?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page about one thing, or about one change of it. */
export function ResourcePage({ crumbs, title, description, actions, children }: Props) {
  const items = [...crumbs.map(({ text, path }) => ({ text, href: href(path) })), { text: title, href: '' }];
  return (
    <ContentLayout
      breadcrumbs={<BreadcrumbGroup items={items} ariaLabel="Breadcrumbs" />}
      header={
        <Header variant="h1" description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ContentLayout>
  );
}

/** Instead of a page about something that the lab does not have, or not any more. */
export function NotThere({ crumbs, id }: { readonly crumbs: Crumbs; readonly id: string }) {
  return (
    <ResourcePage crumbs={crumbs} title={id}>
      <Alert type="warning" header="Not found">
        The lab has no {id}. It may have been deleted.
      </Alert>
    </ResourcePage>
  );
}
