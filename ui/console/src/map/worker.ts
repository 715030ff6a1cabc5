// MapLibre's worker, built like our own code: for the oldest browser, from our own host, without a blob.
import './older'
import Worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs'

// The package calls its modules free of side effects, and this one is nothing else: named, it is kept.
Object.assign(self, { Worker })
