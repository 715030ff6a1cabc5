// Photos in a mini program: files of its own, which WeChat leaves alone until the program is removed.
import type { PhotoBox } from './photos'

interface Files {
  copyFile(asked: { srcPath: string; destPath: string; success(): void; fail(reason: unknown): void }): void
  readFile(asked: {
    filePath: string
    position: number
    length: number
    success(got: { data: ArrayBuffer }): void
    fail(reason: unknown): void
  }): void
  stat(asked: { path: string; success(got: { stats: { size: number } }): void; fail(reason: unknown): void }): void
  unlink(asked: { filePath: string; success(): void; fail(reason: unknown): void }): void
}

const files = () => uni.getFileSystemManager() as unknown as Files
const folder = () => (uni as unknown as { env: { USER_DATA_PATH: string } }).env.USER_DATA_PATH

const size = (path: string) =>
  new Promise<number | undefined>(done =>
    files().stat({ path, success: got => done(got.stats.size), fail: () => done(undefined) }),
  )

export const programPhotos: PhotoBox = {
  keep(id, { path }) {
    const destPath = `${folder()}/${id}`
    return new Promise((done, fail) => files().copyFile({ srcPath: path, destPath, success: () => done(destPath), fail }))
  },
  show: async kept => ((await size(kept)) === undefined ? undefined : kept),
  async piece(kept, from, to) {
    const whole = await size(kept)
    if (whole === undefined) return undefined
    const length = Math.min(to, whole) - from
    // Nothing left: WeChat would take a length of nought for the whole file.
    if (length <= 0) return new ArrayBuffer(0)
    return new Promise((done, fail) =>
      files().readFile({ filePath: kept, position: from, length, success: got => done(got.data), fail }),
    )
  },
  drop: kept =>
    new Promise((done, fail) => files().unlink({ filePath: kept, success: () => done(), fail })),
}
