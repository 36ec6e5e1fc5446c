/** @throws SglabError (exit code 3) when this host cannot hold a lab */
export async function readyHost(): Promise<void> {
  const [{ requireHost }, { loadBridgeFilter }] = await Promise.all([
    import('../kernel/require-host.js'),
    import('../kernel/require-host.js'),
  ]);
  requireHost();
  await loadBridgeFilter();
}
