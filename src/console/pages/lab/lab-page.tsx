import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { PageProps } from '../../shell/page.js';

export function LabPage({ live: { cloud, endpoint, file } }: PageProps) {
  return (
    <ContentLayout header={<Header variant="h1">Resource map</Header>}>
      <Container header={<Header variant="h2">Lab</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'File', value: file ?? 'none' },
            { label: 'EC2 API', value: endpoint },
            { label: 'Instances', value: Object.keys(cloud.instances).length },
          ]}
        />
      </Container>
    </ContentLayout>
  );
}
