import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo, useState } from 'react';
import { diagramOf } from '../../../picture/diagram.js';
import { layOut } from '../../../picture/layout.js';
import { FOLD_AUTO, type FoldBy, type Folding } from '../../../picture/machines.js';
import { isMachine, type Node } from '../../../picture/node.js';
import { findInterfaces } from '../../map/find-interfaces.js';
import { MapFrame, type Zoom, ZoomButtons } from '../../map/map-frame.js';
import { MapNews, SpokenNews, useNews } from '../../map/map-news.js';
import { MapView } from '../../map/map-view.js';
import type { PageProps } from '../../shell/page.js';
import { go } from '../../shell/route.js';

export function LabPage({ live: { lab, cloud, endpoint, file }, route }: PageProps) {
  const [search, setSearch] = useState('');
  const [view, setView] = useState<Omit<Folding, 'only'>>(FOLD_AUTO);
  const [zoom, setZoom] = useState<Zoom>(null);
  const only = useMemo(() => findInterfaces(cloud, search), [cloud, search]);
  const picture = useMemo(() => layOut(diagramOf(cloud, { ...view, only })), [cloud, view, only]);
  const asked = useMemo(() => ({ view, search }), [view, search]);
  const news = useNews(picture, asked);
  const choose = useCallback(({ id, kind, interfaceIds }: Node) => {
    if (kind === 'host') go(['lab'], { host: id });
    else if (interfaceIds.length === 1) go(['lab'], { interface: id });
    else setView(({ by, open }) => ({ by, open: new Set([...open, id]) }));
  }, []);
  const source = file === null ? 'a Region without a file' : file;
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={`${source} · EC2 API ${endpoint}`}>
          Resource map
        </Header>
      }
    >
      <Container
        header={
          <Header variant="h2" counter={counterOf(cloud, only)} actions={<ZoomButtons zoom={zoom} onZoom={setZoom} />}>
            {lab}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <Controls search={search} onSearch={setSearch} view={view} onView={setView} />
          <MapFrame label={`Resource map of ${lab}`}>
            <MapView
              label={`Resources of ${lab}`}
              picture={picture}
              isButton={isButton}
              chosen={route.query.get('interface') ?? route.query.get('host')}
              onChoose={choose}
              zoom={zoom}
            >
              <MapNews news={news} />
            </MapView>
          </MapFrame>
          <SpokenNews news={news} />
        </SpaceBetween>
      </Container>
    </ContentLayout>
  );
}

function isButton(node: Node): boolean {
  return isMachine(node) || node.kind === 'nat-gateway' || node.kind === 'host';
}

function counterOf({ networkInterfaces }: PageProps['live']['cloud'], only: ReadonlySet<string> | null): string {
  const all = Object.keys(networkInterfaces).length;
  return only === null ? `(${all})` : `(${only.size}/${all})`;
}

const FOLDS: readonly { readonly value: FoldBy; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'none', label: 'Every machine' },
  { value: 'groups', label: 'Fold by security groups' },
  { value: 'subnet', label: 'Fold by subnet' },
];

interface ControlsProps {
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly view: Omit<Folding, 'only'>;
  readonly onView: (view: Omit<Folding, 'only'>) => void;
}

function Controls({ search, onSearch, view, onView }: ControlsProps) {
  const fold = (by: FoldBy) => onView({ by, open: new Set() });
  const option = FOLDS.find(({ value }) => value === view.by) ?? null;
  return (
    <SpaceBetween direction="horizontal" size="m" alignItems="end">
      <FormField label="Find machines">
        <Input
          type="search"
          value={search}
          placeholder="Name, address or group"
          clearAriaLabel="Show all machines"
          onChange={({ detail }) => onSearch(detail.value)}
        />
      </FormField>
      <FormField label="Machines">
        <Select
          options={FOLDS}
          selectedOption={option}
          onChange={({ detail }) => fold((detail.selectedOption.value ?? 'auto') as FoldBy)}
        />
      </FormField>
      {view.open.size === 0 ? null : <Button onClick={() => fold(view.by)}>Fold again</Button>}
    </SpaceBetween>
  );
}
