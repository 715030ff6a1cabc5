declare module 'maplibre-gl/dist/maplibre-gl-worker.mjs' {
  const Worker: unknown
  export default Worker
}
