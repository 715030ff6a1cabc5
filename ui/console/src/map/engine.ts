// MapLibre behind few words: what is drawn, what is chosen, what was pointed at. Loaded only when a map is
// looked at, with its worker from our own host.
import './older'
import type { Feature, FeatureCollection, GeoJsonProperties, Geometry } from 'geojson'
import { Map as Engine, setWorkerUrl, type GeoJSONSource, type MapMouseEvent } from 'maplibre-gl'
import type { Cell } from './outlines'
import type { Palette } from './palette'
import { namePoint, type Box, type Point } from './shape'
import { layersOf, only, styleOf, type SourceName } from './style'
import workerAddress from './worker.ts?worker&url'

setWorkerUrl(workerAddress)

export interface Mark {
  id: string
  name: string
  point: Point
  kind: 'here' | 'other'
}

export interface Heard {
  /** A click, or Enter on what is in the middle. */
  pointed: (point: Point, cell: string | undefined, mark: string | undefined) => void
  over: (cell: string | undefined) => void
}

export interface Options {
  palette: Palette
  tiles: boolean
  /** Nobody sees more of the world than this. */
  limit: Box
  begin: Box
  /** The wheel scrolls the page unless Ctrl is held; two fingers move the map. */
  yields: boolean
  /** Whether it must come out on paper. */
  prints: boolean
  words: Record<string, string>
  heard: Heard
}

export type Drawn = Awaited<ReturnType<typeof draw>>

/** The buttons of the page lie on the right. */
const PADDING = { top: 24, bottom: 24, left: 24, right: 64 }

export async function draw(root: HTMLElement, options: Options) {
  const map = new Engine({
    container: root,
    style: styleOf(options.palette, options.tiles),
    bounds: options.begin,
    fitBoundsOptions: { padding: PADDING },
    maxBounds: options.limit,
    maxZoom: 18,
    cooperativeGestures: options.yields,
    attributionControl: false,
    maplibreLogo: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    localIdeographFontFamily: options.palette.font,
    locale: options.words,
    canvasContextAttributes: { preserveDrawingBuffer: options.prints },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  listen(map, options.heard)
  await stands(map).catch((reason: unknown) => {
    map.remove()
    throw reason
  })
  return { ...cells(map), ...views(map, options), remove: () => map.remove() }
}

/** Milliseconds after which a map that has drawn nothing is given up: its worker may never have begun. */
const PATIENCE = 20_000

async function stands(map: Engine): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const due = setTimeout(() => reject(new Error('the map does not load')), PATIENCE)
    map.once('load', () => {
      clearTimeout(due)
      resolve()
    })
    // A tile of the base map that is missing is no reason to stop: ours are drawn all the same.
    map.on('error', it => 'sourceId' in it || reject(it.error))
  })
}

const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

function views(map: Engine, { tiles, prints, begin }: Options) {
  /** What is shown, until somebody moves the map. */
  let shown: Box | undefined = begin
  const fit = (box: Box, animate: boolean) => map.fitBounds(box, { padding: PADDING, maxZoom: 16, animate, duration: 400 })
  map.on('movestart', it => {
    if (it.originalEvent) shown = undefined
  })
  map.on('resize', () => shown && fit(shown, false))
  return {
    /** Shows a part. */
    fit(box: Box) {
      shown = box
      fit(box, !calm.matches)
    },
    /** The cell at a pixel of the map. */
    cellAt: (x: number, y: number) => map.queryRenderedFeatures([x, y], { layers: CELLS })[0]?.properties['code'] as string | undefined,
    zoom: (by: 1 | -1) => (by > 0 ? map.zoomIn() : map.zoomOut()),
    resize: () => map.resize(),
    repaint(palette: Palette) {
      for (const { id, ...layer } of layersOf(palette, tiles))
        for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(id, name as never, value as never)
      for (const id of ['names', 'mark-names']) map.setLayoutProperty(id, 'text-size', palette.size)
      // Paper does not wait for the next frame.
      if (prints) map.redraw()
    },
  }
}

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
const feature = (geometry: unknown, properties: GeoJsonProperties): Feature => ({
  type: 'Feature',
  geometry: geometry as Geometry,
  properties,
})

function cells(map: Engine) {
  let drawn = ''
  let named = ''
  const points = new Map<string, Point>()
  const give = (source: SourceName, features: Feature[]) => map.getSource<GeoJSONSource>(source)?.setData(collection(features))

  function name(list: readonly Cell[]) {
    const said = list.map(it => `${it.code} ${it.told ?? ''}`).join()
    if (said === named) return
    named = said
    give('names', list.map((it, order) => feature({ type: 'Point', coordinates: points.get(it.code) }, { name: it.short, told: it.told ?? '', order })))
  }

  return {
    /** Draws cells; while they stay the same, only tones and figures change. */
    cells(list: readonly Cell[]) {
      const codes = list.map(it => it.code).join()
      if (codes !== drawn) {
        drawn = codes
        points.clear()
        for (const it of list) points.set(it.code, namePoint(it.outline))
        map.removeFeatureState({ source: 'cells' })
        give('cells', list.map(it => feature(it.outline, { code: it.code })))
      }
      for (const it of list) map.setFeatureState({ source: 'cells', id: it.code }, { tone: it.tone ?? 0 })
      name(list)
    },
    around: (list: readonly Cell[]) => give('around', list.map(it => feature(it.outline, { code: it.code }))),
    marks: (list: readonly Mark[]) =>
      give('marks', list.map(it => feature({ type: 'Point', coordinates: it.point }, { code: it.id, name: it.name, kind: it.kind }))),
    choose(code: string) {
      for (const it of ['chosen', 'chosen-fill']) map.setFilter(it, only(code))
    },
  }
}

const CELLS = ['cells', 'around']

function listen(map: Engine, { pointed, over }: Heard) {
  let last: string | undefined
  const at = (point: MapMouseEvent['point'], layers: string[]) => {
    const found = map.queryRenderedFeatures(point, { layers })[0]?.properties['code']
    return typeof found === 'string' ? found : undefined
  }
  const tell = (point: MapMouseEvent['point']) => {
    const { lng, lat } = map.unproject(point)
    pointed([lng, lat], at(point, CELLS), at(point, ['marks']))
  }
  const move = (cell: string | undefined) => {
    if (cell === last) return
    if (last) map.setFeatureState({ source: 'cells', id: last }, { pointed: false })
    if (cell) map.setFeatureState({ source: 'cells', id: cell }, { pointed: true })
    map.getCanvas().style.cursor = cell ? 'pointer' : ''
    last = cell
    over(cell)
  }
  map.on('click', it => tell(it.point))
  map.on('mousemove', it => move(at(it.point, CELLS)))
  map.on('mouseout', () => move(undefined))
  // Moved by keys, the map tells what lies in its middle.
  map.on('moveend', it => {
    if (it.originalEvent instanceof KeyboardEvent) move(at(map.project(map.getCenter()), CELLS))
  })
  map.getCanvas().addEventListener('keydown', it => {
    if (it.key !== 'Enter') return
    it.preventDefault()
    tell(map.project(map.getCenter()))
  })
}
