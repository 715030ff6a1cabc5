// What is drawn, in which order and colour: tiles of the national service beneath if there are any, then
// cells, what is chosen, names, marks. No glyphs are fetched: the browser draws the characters.
import type { FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { addressOf } from '@/api/client'
import type { Palette } from './palette'

const NOTHING = { type: 'FeatureCollection' as const, features: [] }
/** Streets and their names, laid beneath the county's own. */
export const TILES = ['vec', 'cva'] as const

export const SOURCES = ['around', 'cells', 'names', 'marks'] as const
export type SourceName = (typeof SOURCES)[number]

/** The layer of the cell that is chosen shows this one. */
export const only = (code: string): FilterSpecification => ['==', ['get', 'code'], code]

export function styleOf(palette: Palette, tiles: boolean): StyleSpecification {
  const own = Object.fromEntries(SOURCES.map(it => [it, { type: 'geojson' as const, data: NOTHING, promoteId: 'code' }]))
  return { version: 8, transition: { duration: 0, delay: 0 }, sources: { ...own, ...(tiles ? tileSources() : {}) }, layers: layersOf(palette, tiles) }
}

function tileSources() {
  const source = (layer: string) => ({
    type: 'raster' as const,
    tileSize: 256,
    maxzoom: 18,
    tiles: [location.origin + addressOf(`/api/v1/tiles/${layer}/{z}/{x}/{y}`)],
  })
  return Object.fromEntries(TILES.map(it => [it, source(it)]))
}

export function layersOf(palette: Palette, tiles: boolean): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
    ...(tiles ? TILES.map(it => tileLayer(it, palette)) : []),
    ...cellLayers(palette, tiles),
    ...nameLayers(palette),
    ...markLayers(palette),
  ]
}

function tileLayer(id: string, { dark }: Palette): LayerSpecification {
  return { id, type: 'raster', source: id, paint: { 'raster-brightness-max': dark ? 0.55 : 1, 'raster-saturation': dark ? -0.6 : -0.2, 'raster-fade-duration': 0 } }
}

function cellLayers({ tones, line, accent, strong }: Palette, tiles: boolean): LayerSpecification[] {
  const tone = tones.slice(1).flatMap((colour, at) => [at + 1, colour])
  return [
    // Seen through, but it can be pointed at.
    { id: 'around', type: 'fill', source: 'around', paint: { 'fill-color': tones[0] ?? line, 'fill-opacity': tiles ? 0 : 0.45 } },
    { id: 'around-rims', type: 'line', source: 'around', paint: { 'line-color': line, 'line-width': 1, 'line-opacity': 0.6 } },
    {
      id: 'cells',
      type: 'fill',
      source: 'cells',
      paint: {
        'fill-color': ['match', ['coalesce', ['feature-state', 'tone'], 0], ...tone, tones[0] ?? line] as never,
        'fill-opacity': tiles ? ['case', ['==', ['coalesce', ['feature-state', 'tone'], 0], 0], 0.12, 0.5] : ['case', ['boolean', ['feature-state', 'pointed'], false], 0.75, 1],
      },
    },
    { id: 'rims', type: 'line', source: 'cells', paint: { 'line-color': line, 'line-width': 1 } },
    { id: 'chosen-fill', type: 'fill', source: 'cells', filter: only(''), paint: { 'fill-color': accent, 'fill-opacity': 0.16 } },
    { id: 'chosen', type: 'line', source: 'cells', filter: only(''), layout: { 'line-join': 'round' }, paint: { 'line-color': strong, 'line-width': 3 } },
  ]
}

function nameLayers({ ink, halo, size }: Palette): LayerSpecification[] {
  return [
    {
      id: 'names',
      type: 'symbol',
      source: 'names',
      layout: {
        'text-field': ['case', ['==', ['get', 'told'], ''], ['get', 'name'], ['concat', ['get', 'name'], '\n', ['get', 'told']]],
        'text-font': ['sans'],
        'text-size': size,
        'text-max-width': 9,
        'text-padding': 3,
        'symbol-sort-key': ['get', 'order'],
      },
      paint: { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.5 },
    },
  ]
}

function markLayers({ accent, red, halo, ink, size }: Palette): LayerSpecification[] {
  const own = ['==', ['get', 'kind'], 'here']
  return [
    {
      id: 'marks',
      type: 'circle',
      source: 'marks',
      paint: {
        'circle-color': ['case', own, red, accent] as never,
        'circle-radius': ['case', own, 8, 6] as never,
        'circle-stroke-color': halo,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'mark-names',
      type: 'symbol',
      source: 'marks',
      layout: { 'text-field': ['get', 'name'], 'text-font': ['sans'], 'text-size': size, 'text-offset': [0, 1.1], 'text-anchor': 'top', 'text-max-width': 12 },
      paint: { 'text-color': ink, 'text-halo-color': halo, 'text-halo-width': 1.5 },
    },
  ]
}
