import Alert from '@cloudscape-design/components/alert';
import { Component, type ReactNode } from 'react';

interface State {
  readonly error: unknown;
}

/** A page with a defect says so and leaves the way to the other ones open. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <Alert type="error" header="This page has a defect">
        {String(this.state.error)}. The lab is not touched by it; another page, or a reload, goes on.
      </Alert>
    );
  }
}
