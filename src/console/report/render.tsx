/** Runs in the program, not in the browser: the report's HTML is whole when it is written. */
import { renderToStaticMarkup } from 'react-dom/server';
import type { ReportDocument } from './document.js';
import style from './report.css?inline';
import { Report } from './report.js';

/** No script and nothing from elsewhere: mail programs show it, and it looks the same in ten years. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export function renderReport(document: ReportDocument): string {
  const page = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{document.title}</title>
        <style>{style}</style>
      </head>
      <body>
        <Report document={document} />
      </body>
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
}
