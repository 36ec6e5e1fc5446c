import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { href } from '../shell/route.js';

export type Facts = readonly { readonly label: string; readonly value: ReactNode }[];

/** The details at the head of a resource's page. */
export function FactsPanel({ title, facts }: { readonly title: string; readonly facts: Facts }) {
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      <KeyValuePairs columns={4} items={facts.map((fact) => ({ ...fact }))} />
    </Container>
  );
}

export function PlaceLink({ path, text }: { readonly path: readonly string[]; readonly text: string }) {
  return <Link href={href(path)}>{text}</Link>;
}
