/** The files of the page, as Vite built them from src/console. They hold nothing of any lab. */
import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { SglabError } from '../../errors.js';
import { PACKAGE_ROOT } from '../../source/package-root.js';

const DIRECTORY = path.join(PACKAGE_ROOT, 'dist/console');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/** Only what Vite built runs. Cloudscape sets sizes in style attributes, and its style sheets hold pictures as data. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of every answer of the console. */
export const SAFE_HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** @throws SglabError where the page is not built */
export function checkPageFiles(): void {
  if (fs.existsSync(path.join(DIRECTORY, 'index.html'))) return;
  throw new SglabError('NoPage', 'the page of the console is not built', {
    hint: 'start sglab by scripts/sglab, which builds it when it is first asked for',
  });
}

/** @returns whether there is such a file, which is then the answer */
export function answerWithFile(url: string, response: ServerResponse): boolean {
  const name = url === '/' ? 'index.html' : url.slice(1);
  // Flat names: no path leads out of the two folders that Vite writes to.
  if (!/^(?:assets\/)?[A-Za-z0-9_.-]+$/.test(name) || name.startsWith('.')) return false;
  const contentType = CONTENT_TYPES[path.extname(name)];
  const file = path.join(DIRECTORY, name);
  if (contentType === undefined || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  // The names of assets have a hash of what is in them.
  const caching = name.startsWith('assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
  const content = fs.readFileSync(file);
  response.writeHead(200, {
    ...SAFE_HEADERS,
    'Content-Type': contentType,
    'Content-Length': content.length,
    'Cache-Control': caching,
  });
  response.end(content);
  return true;
}
