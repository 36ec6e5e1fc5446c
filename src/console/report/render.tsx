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
  return render(document, <Report document={document} />);
}

export function renderClass(document: ClassDocument): string {
  return render(document, <ClassReport document={document} />);
}

function render({ title, made, version }: Omit<ReportDocument, 'parts'>, body: ReactNode): string {
  const page = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style>{style}</style>
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          <p className="made">
            <time dateTime={made}>{new Date(made).toUTCString()}</time> · sglab {version}
          </p>
          {body}
        </main>
      </body>
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
}
