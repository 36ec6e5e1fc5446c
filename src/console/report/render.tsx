/** Runs in the program, not in the browser: the report's HTML is whole when it is written. */
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { ClassReport } from './class.js';
import type { ClassDocument, ReportDocument } from './document.js';
import style from './report.css?inline';
import { Report } from './report.js';

/** No script and nothing from elsewhere: mail programs show it, and it looks the same in ten years. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function renderReport(document: ReportDocument): string {
  return render(document.title, <Report document={document} />);
}

export function renderClass(document: ClassDocument): string {
  return render(document.title, <ClassReport document={document} />);
}

function render(title: string, body: ReactNode): string {
  const page = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style>{style}</style>
      </head>
      <body>{body}</body>
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
}
