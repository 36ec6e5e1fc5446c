import { defineConfig } from 'vite';

/** The report is made by the program, which finds no package of the page: everything is in one file. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true },
  build: { ssr: 'report/render.tsx', outDir: '../../dist/console/report', emptyOutDir: true },
});
