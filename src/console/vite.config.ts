import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // React and Cloudscape are installed here, apart from sglab's own packages.
  base: './',
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // Most of it is Cloudscape, which is loaded from loopback.
    chunkSizeWarningLimit: 4096,
  },
});
