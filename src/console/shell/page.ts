import type { ComponentType } from 'react';
import type { LiveLab } from '../live/lab-store.js';
import type { Route } from './route.js';

export interface PageProps {
  readonly live: LiveLab;
  readonly route: Route;
}

export interface Page {
  /** The first word of its place. */
  readonly word: string;
  readonly title: string;
  /** A heading of the navigation under which it stands; null: above all of them. */
  readonly section: string | null;
  readonly component: ComponentType<PageProps>;
  /** What opens beside or below the page about something that is chosen on it. */
  readonly panel?: PagePanel;
  /** Whether it has anything to show of the lab; left out: always. */
  readonly isShown?: (live: LiveLab) => boolean;
}

export interface PagePanel {
  readonly isOpen: (route: Route) => boolean;
  readonly close: () => void;
  /** A `SplitPanel`. */
  readonly component: ComponentType<PageProps>;
}
