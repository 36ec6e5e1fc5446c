import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { Cloud } from '../../../cloud/types.js';
import { diagramOf } from '../../../picture/diagram.js';
import { layOut } from '../../../picture/layout.js';
import { FOLD_AUTO } from '../../../picture/machines.js';
import type { Explanation } from '../../../verify/explain/types.js';
import { MapView } from '../../map/map-view.js';
import { HopDetails } from './hop-details.js';
import { HopsTable } from './hops-table.js';
import { PacketOnMap } from './packet-on-map.js';
import type { Question } from './question.js';
import { endOf, interfacesOn, stepsOf } from './steps.js';

interface Props {
  readonly cloud: Cloud;
  readonly explanation: Explanation;
  readonly question: Question;
}

const LABEL = 'Packet on the map, arrow keys step';
const NO_BUTTON = () => false;
const NOTHING = () => {};

/** The picture with the packet on it, at first where it ended; step by step from there. */
export function PathPanel({ cloud, explanation, question: { from, to } }: Props) {
  const steps = useMemo(() => stepsOf(cloud, explanation, from), [cloud, explanation, from]);
  const picture = useMemo(() => {
    const only = interfacesOn(cloud, steps, [from, to]);
    return layOut(diagramOf(cloud, { ...FOLD_AUTO, by: 'none', only }));
  }, [cloud, steps, from, to]);
  const last = endOf(steps);
  const [current, setCurrent] = useState(last);
  const step = steps[current];
  const move = (to: number) => setCurrent(Math.min(last, Math.max(0, to)));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(current + by);
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${current + 1}/${last + 1})`}
          actions={<StepButtons {...{ current, last, move }} />}
        >
          Path details
        </Header>
      }
    >
      <SpaceBetween size="l">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys step through it */}
        <section className="way-frame" aria-label={LABEL} tabIndex={0} onKeyDown={onKeyDown}>
          <MapView
            label="Way of the packet"
            picture={picture}
            isButton={NO_BUTTON}
            chosen={null}
            onChoose={NOTHING}
            zoom={null}
          >
            <PacketOnMap picture={picture} steps={steps} current={current} />
          </MapView>
        </section>
        <HopsTable steps={steps.slice(0, last + 1)} current={current} onChoose={move} />
        {step === undefined ? null : <HopDetails step={step} />}
      </SpaceBetween>
    </Container>
  );
}

interface StepsProps {
  readonly current: number;
  readonly last: number;
  readonly move: (to: number) => void;
}

function StepButtons({ current, last, move }: StepsProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={current === 0} onClick={() => move(0)}>
        First hop
      </Button>
      <Button
        iconName="angle-left"
        ariaLabel="Previous hop"
        disabled={current === 0}
        onClick={() => move(current - 1)}
      />
      <Button
        iconName="angle-right"
        ariaLabel="Next hop"
        disabled={current === last}
        onClick={() => move(current + 1)}
      />
      <Button disabled={current === last} onClick={() => move(last)}>
        Last hop
      </Button>
    </SpaceBetween>
  );
}
